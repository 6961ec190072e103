import { beforeAll, expect, test } from "vitest";
import { createGuestRunner } from "./guest-runner.ts";

let play: Awaited<ReturnType<typeof createGuestRunner>>;
beforeAll(async () => {
  play = await createGuestRunner();
});

const updates = `export async function run(ctx) {
  return await ctx.state.update("count", (count = 0) => count + 1);
}`;

test("a conflicting update reads again after a pause that grows with the number of conflicts", () => {
  let revision = 0;
  const refusing = ({ action }: Readonly<Record<string, unknown>>) => {
    if (action === "update" && revision === 6) return null;
    revision += action === "update" ? 1 : 0;
    return { value: revision, revision: String(revision) };
  };
  const { result, calls } = play(updates, { state: refusing });
  expect(result).toBe(7);
  const pauses = calls.filter((call) => call.startsWith("sleep ")).map((call) => Number(call.split(" ")[1]));
  expect(calls.filter((call) => !call.startsWith("sleep "))).toEqual(
    Array.from({ length: 7 }, () => ["state get", "state update"]).flat(),
  );
  expect(pauses).toHaveLength(6);
  for (const [refusals, pauseMs] of pauses.entries())
    expect(pauseMs).toBeLessThanOrEqual(50 * 1.5 ** refusals + 1);
  expect(new Set(pauses).size).toBeGreaterThan(3);
  // It draws nothing of the workflow's own numbers, and the same ones when it is replayed.
  revision = 0;
  expect(play(updates, { state: refusing }).calls).toEqual(calls);
});

test("an update without a conflict runs without waiting", () => {
  const { result, calls } = play(updates, {
    state: ({ action }) => (action === "get" ? { revision: null } : null),
  });
  expect([result, calls]).toEqual([1, ["state get", "state update"]]);
});

test("an update whose function throws writes nothing", () => {
  const source = `export async function run(ctx) {
    return await ctx.state.update("count", () => { throw new RangeError("no"); }).catch(({ name }) => name);
  }`;
  const { result, calls } = play(source, { state: () => ({ revision: null }) });
  expect([result, calls]).toEqual(["RangeError", ["state get"]]);
});
