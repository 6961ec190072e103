import type { WarmUpWorkflow } from "../passes/warm-up.ts";

/** The workflows that the Python engine is warmed up with: the most frequent operations. */

const completes = `
import asyncio
import random
import uuid
from datetime import datetime, timezone
from duranium import fetch


async def send(item, token):
    headers = {"authorization": "Bearer " + token}
    response = await fetch("https://warm-up.invalid/items", method="POST", headers=headers, json=item)
    return [response.status, response.headers.get("content-type"), response.text()]


async def run(ctx, payload):
    asked = await fetch("https://warm-up.invalid/items?page=1")
    if not asked.ok:
        raise RuntimeError(f"It answered {asked.status}")
    items = asked.json()["items"]
    print("items", len(items), items[0])
    await ctx.sleep("5s")
    answers = await asyncio.gather(*[send(item, payload["token"]) for item in items])
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(0.01))
        group.create_task(ctx.sleep(1))
    return {
        "answers": answers,
        "at": datetime.now(timezone.utc).isoformat(),
        "id": str(uuid.uuid4()),
        "chance": random.random(),
    }
`;

const fails = `
from duranium import fetch


async def run(ctx, payload):
    try:
        await fetch("https://warm-up.invalid/unreachable")
    except Exception as error:
        print(error)
        raise RuntimeError("It cannot be reached") from error
`;

/** Last, so that the memory has nothing of the others. */
const empty = "async def run(ctx, payload):\n    return None\n";

/** How often the workflows are run: a function is specialized after some calls. */
const rounds = 3;

export const pythonWorkflows: readonly WarmUpWorkflow[] = [
  ...Array.from({ length: rounds }, () => [
    { code: bundleOf(completes), returns: true },
    { code: bundleOf(fails), returns: false },
  ]).flat(),
  { code: bundleOf(empty), returns: true },
];

function bundleOf(source: string): string {
  return JSON.stringify({ entry: "flow.py", files: { "flow.py": source } });
}
