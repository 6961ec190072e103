import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxLogStreamsPerExecution } from "../../src/services/limits.ts";
import { readEvents } from "../support/event-stream.ts";
import type { SeenEvent } from "../support/event-stream.ts";
import { startExecution, deploy, execute, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { isReplayed } from "../support/replayed.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** The stored console output of a workflow, however often its journal is replayed. */
describe("the console of an execution", () => {
  let instance: Instance;
  let target: Target;
  const hold = Promise.withResolvers<void>();
  beforeAll(async () => {
    instance = await sharedInstance();
    target = await startTarget({ "GET /held": async () => await hold.promise });
  });
  afterAll(async () => {
    hold.resolve();
    await target[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  test("has each line once when the execution has ended", async () => {
    await deploy(
      instance,
      "talks",
      `export async function run(ctx) {
          for (let round = 0; round < 5; round++) {
            console.log("round", { round, items: [1, "two"] });
            await ctx.sleep(5);
          }
          console.warn("careful");
          console.error(new Error("broken").message);
          console.debug();
        }`,
    );
    const { executionId } = await execute(instance, "talks");
    const { status, body } = await instance.request("GET", `/executions/${executionId}/logs`);
    expect(status).toBe(200);
    expect(body.items.map(({ number }: { number: number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(body.items[2].arguments).toEqual(["round", { round: 2, items: [1, "two"] }]);
    expect(body.items[2].time > body.items[1].time).toBe(true);
    expect(body.items.slice(5)).toMatchObject([
      { level: "warn", arguments: ["careful"] },
      { level: "error", arguments: ["broken"] },
      { level: "debug", arguments: [] },
    ]);
    const errors = await instance.request("GET", `/executions/${executionId}/logs?level=error,warn`);
    expect(errors.body.items).toHaveLength(2);
  });

  test("has times that are consistent with those of the steps", async () => {
    await deploy(
      instance,
      "stamped",
      `export async function run(ctx) {
          console.log("before");
          await ctx.sleep(100);
          console.log("between");
          await ctx.sleep(100);
          console.log("after");
        }`,
    );
    const { executionId, steps } = await execute(instance, "stamped");
    const { body } = await instance.request("GET", `/executions/${executionId}/logs`);
    const [before, between, after] = body.items.map(({ time }: { time: string }) => time);
    const [first, second] = steps;
    const inOrder = [before, first.endedAt, between, second.endedAt, after];
    expect(inOrder).toEqual(inOrder.toSorted((one, other) => Date.parse(one) - Date.parse(other)));
  });

  test("has positions in the author's files", async () => {
    await deploy(
      instance,
      "throws",
      `function fail(): never { throw new TypeError("low"); }
        export async function run(ctx: { sleep(ms: number): Promise<void> }) {
          try { fail(); } catch (cause) {
            const error = new Error("high", { cause });
            console.error(error);
            console.log(\`failed: \${error.stack}\`);
          }
          console.trace("here");
          await ctx.sleep(5);
          void (async () => { throw new Error("lost"); })();
          await ctx.sleep(60_000);
        }`,
    );
    const { executionId } = await execute(instance, "throws");
    const { body } = await instance.request("GET", `/executions/${executionId}/logs`);
    const file = /\(([\w./-]+\.ts):/.exec(JSON.stringify(body))?.[1];
    const lines = body.items.map((item: { arguments: unknown[] }) => item.arguments);
    expect(lines).toEqual([
      [
        {
          name: "Error",
          message: "high",
          stack: expect.stringMatching(String.raw`^Error: high\n    at run \(${file}:4:27\)`),
          cause: {
            name: "TypeError",
            message: "low",
            stack: expect.stringMatching(
              String.raw`^TypeError: low\n    at fail \(${file}:1:32\)\n    at run \(${file}:3:17\)`,
            ),
          },
        },
      ],
      [expect.stringMatching(String.raw`^failed: Error: high\n    at run \(${file}:4:27\)`)],
      ["Trace:", "here", expect.stringMatching(String.raw`^\n    at run \(${file}:8:19\)`)],
      [
        "Unhandled rejection:",
        expect.objectContaining({
          stack: expect.stringMatching(String.raw`^Error: lost\n    at run \(${file}:10:`),
        }),
      ],
    ]);
    expect(JSON.stringify(lines)).not.toContain("workflow.js");
  });

  test("is stored if the execution fails", async () => {
    await deploy(
      instance,
      "logs-and-fails",
      'export async function run() { console.log("before"); throw new Error("no"); }',
    );
    const { executionId } = await execute(instance, "logs-and-fails");
    const { body } = await instance.request("GET", `/executions/${executionId}/logs`);
    expect(body.items).toMatchObject([{ number: 0, arguments: ["before"] }]);
  });

  test("can be followed live, resumed after the last event, and ends with the execution", async () => {
    await deploy(
      instance,
      "live",
      `export async function run(ctx, url) {
          console.log("first");
          await fetch(url + "/held");
          console.log("second");
        }`,
    );
    const id = await startExecution(instance, "live", target.url);
    const events: SeenEvent[] = [];
    for await (const event of readEvents(instance, `/executions/${id}/logs`)) {
      events.push(event);
      // The execution waits for this: the first line came while it was under way.
      hold.resolve();
    }
    expect(events.map(({ type, id: number }) => [type, number])).toEqual([
      ["message", "0"],
      ["message", "1"],
      ["end", undefined],
    ]);
    expect(events[1]?.data).toMatchObject({ number: 1, level: "info", arguments: ["second"] });
    expect(events[2]?.data).toEqual({ status: "completed" });
    await untilEnded(instance, id);
    const resumed = readEvents(instance, `/executions/${id}/logs`, { "last-event-id": "0" });
    expect((await Array.fromAsync(resumed)).map(({ id: number }) => number)).toEqual(["1", undefined]);
  });

  test("has a maximum number of concurrent followers, and a closed stream frees its place", async () => {
    await deploy(
      instance,
      "popular",
      "export const run = (ctx) => { console.log(1); return ctx.sleep('1h'); };",
    );
    const id = await startExecution(instance, "popular");
    const streams = Array.from({ length: maxLogStreamsPerExecution }, () =>
      readEvents(instance, `/executions/${id}/logs`),
    );
    for (const stream of streams) await stream.next();
    const ask = async () =>
      await instance.request("GET", `/executions/${id}/logs`, { headers: { accept: "text/event-stream" } });
    const refused = await ask();
    expect(refused).toMatchObject({ status: 429, body: { code: "too-many-log-streams" } });
    expect(refused.body.detail).toContain("is reached (maxLogStreamsPerExecution)");
    await streams.pop()?.return(undefined);
    const firstLine = async () => {
      const { value, done } = await readEvents(instance, `/executions/${id}/logs`).next();
      return done === true ? undefined : value.data.arguments;
    };
    // The server notices a closed connection with a delay.
    let seen: unknown;
    while (seen === undefined) seen = await firstLine();
    expect(seen).toEqual([1]);
    for (const stream of streams) await stream.return(undefined);
    await instance.request("POST", `/executions/${id}/cancel`);
  });

  // Each replay would write the thousands of lines again, which are stored once as those of the other tests are.
  test.skipIf(isReplayed)("is truncated at the limit, and its last line says so", async () => {
    await deploy(
      instance,
      "chatters",
      `export async function run(ctx) {
          for (let round = 0; round < 6; round++) {
            for (let line = 0; line < 1900; line++) console.log(line);
            await ctx.sleep(1);
          }
        }`,
    );
    const { executionId, status } = await execute(instance, "chatters");
    expect(status).toBe("completed");
    const { body } = await instance.request("GET", `/executions/${executionId}/logs?level=warn`);
    expect(body.items).toMatchObject([
      { number: 10_000, arguments: [expect.stringContaining("maxLogLinesPerExecution")] },
    ]);
  });
});
