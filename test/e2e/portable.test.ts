import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../src/base/json.ts";
import type { Guest, GuestCall, GuestContext, Turn } from "../../src/host/guest.ts";
import { buildPortableComponent } from "../../src/sandbox/engine/portable/portable.ts";
import { SandboxPool } from "../../src/sandbox/scheduling/pool.ts";
import { openTestSandbox } from "../../src/sandbox/testing/sandbox.ts";
import { openPortableGuest } from "../support/portable-guest.ts";

const shop = "http://shop.example";

/** What the world answers, by operation and URL. */
function answerTo({ operation, arguments: json }: GuestCall): { value: JsonValue; body: JsonValue } {
  if (operation !== "fetch") return { value: null, body: null };
  const { url } = JSON.parse(textOf(json)) as { url: string };
  const value = { status: 200, statusText: "OK", url, redirected: false, headers: [] };
  return { value, body: { available: 9, id: "id-1", tracking: "track-1", paid: false } };
}

const workflows: readonly [name: string, entryPoint: string | undefined, payload: JsonValue][] = [
  ["order-flow", "order-created", { shop, orderId: "o-1", items: [{ sku: "apple", quantity: 2 }] }],
  ["reminder", undefined, { mailer: shop, customer: "ann", every: "3d", reminders: 2 }],
];

describe("the portable component of a version", () => {
  test.each(workflows)(
    "%s makes the same calls as its image, and has the same result",
    async (name, entryPoint, payload) => {
      const source = await readFile(new URL(`../../examples/${name}.ts`, import.meta.url), "utf8");
      await using sandbox = await openTestSandbox();
      const compiled = await sandbox.compile(source);
      const bundle = await sandbox.artifacts.get(compiled.bundleDigest);
      await using pool = new SandboxPool({ ...sandbox, workers: 1 });
      using image = await pool.acquire(compiled);
      using portable = await openPortableGuest(await buildPortableComponent(textOf(bundle)));
      const context = contextOf(name, entryPoint);
      const transcript = await transcriptOf(image, context, payload);
      expect(transcript.at(-1)).toContain("completed");
      expect(await transcriptOf(portable, context, payload)).toEqual(transcript);
    },
  );
});

function contextOf(workflowId: string, entryPoint: string | undefined): GuestContext {
  return {
    workflowId,
    version: 1,
    executionId: "inv_1aZrD2ElniH81lxfJK4PbVEBpFixpbSysK",
    ...(entryPoint === undefined ? {} : { entryPoint }),
    seed: new Uint8Array(32).fill(9),
    now: 1_700_000_000_000,
    callbackUrl: "https://duranium.example/callbacks/",
  };
}

/** Runs a guest to its end, answering its calls in their order; a line for all that it does. */
async function transcriptOf(guest: Guest, context: GuestContext, payload: JsonValue): Promise<string[]> {
  const lines: string[] = [];
  const outstanding: GuestCall[] = [];
  const take = ({ calls, abandoned, logs, completion }: Turn) => {
    for (const call of calls)
      lines.push(`call ${call.id} ${call.operation} ${textOf(call.arguments)} ${textOf(call.body)}`);
    for (const id of abandoned) lines.push(`abandon ${id}`);
    for (const { level, line } of logs) lines.push(`log ${level} ${textOf(line)}`);
    if (completion !== undefined)
      lines.push(`${completion.ok ? "completed" : "failed"} ${textOf(completion.json)}`);
    outstanding.push(...calls);
    return completion === undefined;
  };
  let goesOn = take(await guest.run(context, bytesOf(payload)));
  for (let now = context.now + 1; goesOn; now += 1_000) {
    const call = outstanding.shift();
    if (call === undefined) throw new Error(`it waits for nothing:\n${lines.join("\n")}`);
    const { value, body } = answerTo(call);
    const settlement = { id: call.id, now, outcome: bytesOf({ ok: true, value }), body: bytesOf(body) };
    goesOn = take(await guest.settle(settlement));
  }
  return lines;
}

function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
