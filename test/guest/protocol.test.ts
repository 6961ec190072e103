import { beforeAll, describe, expect, test } from "vitest";
import { createGuestRunner, startedAt } from "./guest-runner.ts";

let play: Awaited<ReturnType<typeof createGuestRunner>>;
beforeAll(async () => {
  play = await createGuestRunner();
});

describe("loading a workflow", () => {
  test("a workflow that does not export run fails with an example", () => {
    expect(play("const x = 1;").evaluationFailure).toMatchObject({
      name: "MissingRun",
      message: expect.stringContaining("export async function run(ctx, payload)") as string,
    });
  });

  test("a workflow whose run is not a function fails", () => {
    expect(play("export const run = 5;").evaluationFailure).toMatchObject({
      name: "MissingRun",
      message: "The workflow exports a run that is no function but of type number",
    });
  });

  test("a workflow whose top level throws fails with the author's line", () => {
    const { evaluationFailure } = play("\n\n  throw new RangeError('top');");
    expect(evaluationFailure).toMatchObject({ name: "RangeError", message: "top" });
    expect(evaluationFailure?.stack).toMatch(/^at workflow\.js:3:9\n/);
  });

  test("a workflow whose top level throws a value other than an Error fails with that value", () => {
    expect(play("throw 'text'").evaluationFailure).toMatchObject({ name: "Error", message: "text" });
  });

  test("a workflow that cannot be parsed fails with the position", () => {
    const { evaluationFailure } = play("\nconst total = ;\nexport function run() {}");
    expect(evaluationFailure).toMatchObject({ name: "SyntaxError", stack: "at workflow.js:2:15" });
  });

  test("a workflow with a Unicode property escape that the bundler did not replace fails with an explanation", () => {
    const { evaluationFailure } = play("const letters = /\\p{L}/u;\nexport function run() {}");
    expect(evaluationFailure?.message).toContain("no Unicode property escapes");
  });

  test.each([["fetch", "fetch('https://a.test/')"]])(
    "a top level that needs the host fails: %s",
    (what, statement) => {
      const { evaluationFailure } = play(`\n${statement};\nexport function run() {}`);
      expect(evaluationFailure?.message).toBe(
        `${what} is not available while the workflow is loaded: call it inside run()`,
      );
      expect(evaluationFailure?.stack).toMatch(/^at workflow\.js:2:/);
    },
  );

  test("a top level may read the clock and draw random numbers, which are the same for every execution", () => {
    const source =
      "const drawn = [Date.now(), performance.now(), Math.random(), crypto.randomUUID()];\nexport function run() { return drawn; }";
    const { result } = play(source);
    expect(result).toEqual([0, 0, expect.any(Number), expect.any(String)]);
    expect(play(source, { context: { seed: new Uint8Array(32) } }).result).toEqual(result);
  });

  test("a top level may queue tasks, which run when it has ended", () => {
    const source =
      "let ready = false;\nsetTimeout(() => { ready = true; }, 0);\nexport function run() { return ready; }";
    expect(play(source).result).toBe(true);
  });

  test("a task of the top level that throws fails the execution", () => {
    const source = "setTimeout(() => { throw new Error('later'); }, 0);\nexport function run() {}";
    expect(play(source).failure).toMatchObject({ message: "later" });
  });

  test("loading a workflow leaves nothing of the loader on the globals", () => {
    expect(play("export function run() { return '__duranium_define' in globalThis; }").result).toBe(false);
  });
});

describe("run", () => {
  test("run receives a frozen context and the payload", () => {
    const source = `export function run(ctx, payload) {
      const { workflowId, version, executionId, entryPoint } = ctx;
      const frozen = Object.isFrozen(ctx) && Object.isFrozen(ctx.state);
      return { workflowId, version, executionId, entryPoint, frozen, keys: Object.keys(ctx), payload };
    }`;
    const played = play(source, { payload: { order: "ä 1" }, context: { entryPoint: "order-created" } });
    expect(played.result).toEqual({
      workflowId: "order-sync",
      version: 3,
      executionId: "inv_1gdiJtL0bTjQ0W6O9ODv3AkSzo8dsFfN1Z",
      entryPoint: "order-created",
      frozen: true,
      keys: [
        "workflowId",
        "version",
        "executionId",
        "entryPoint",
        "sleep",
        "waitForEvent",
        "createCallback",
        "state",
        "secrets",
        "call",
        "send",
        "tag",
      ],
      payload: { order: "ä 1" },
    });
  });

  test("run receives undefined without an entry point", () => {
    expect(play("export function run(ctx) { return ctx.entryPoint === undefined; }").result).toBe(true);
  });

  test.each([
    ["export function run() {}", null],
    ["export async function run() { await null; }", null],
    ["export function run() { return { then(resolve) { resolve(5); } }; }", 5],
    ["export function run(ctx, payload) { return payload; }", null],
  ])("an execution ends with the result of run: %s", (source, result) => {
    expect(play(source)).toMatchObject({ result, turns: 1 });
  });

  test("a result that is not JSON fails with the position in the result, and that of run", () => {
    const { failure } = play("\n\nexport function run() { return { items: [1, { total: 5n }] }; }");
    expect(failure).toMatchObject({
      name: "TypeError",
      message: "The result of run() is not JSON: result.items[1].total is a BigInt",
      stack: "at run (workflow.js:3:1)",
    });
  });

  test("an error that run throws fails the execution with the frames of the author's functions", () => {
    const { failure } = play(`
export async function run() {
  await null;
  await total();
}
async function total() {
  await null;
  price();
}
function price() {
  null.amount;
}`);
    expect(failure).toMatchObject({ name: "TypeError", message: 'can\'t access property "amount" of null' });
    expect(failure?.stack).toBe(
      "at price (workflow.js:11:3)\nat total (workflow.js:8:3)\nat async run (workflow.js:4:9)",
    );
  });

  test("a thrown value without a stack fails the execution with the position of run", () => {
    expect(play("\nexport function run() { throw 'text'; }").failure).toEqual({
      name: "Error",
      message: "text",
      stack: "at run (workflow.js:2:1)",
    });
  });

  test("an error with causes fails the execution with all of them", () => {
    const source =
      "export function run() { throw new RangeError('outer', { cause: new TypeError('inner', { cause: 5 }) }); }";
    expect(play(source).failure).toMatchObject({
      name: "RangeError",
      cause: { name: "TypeError", message: "inner", cause: { message: "5" } },
    });
  });

  test("a failed Promise.any fails the execution with all of its errors", () => {
    const source =
      "export function run() { return Promise.any([Promise.reject(new Error('a')), Promise.reject(new Error('b'))]); }";
    expect(play(source).failure).toMatchObject({
      name: "AggregateError",
      errors: [{ message: "a" }, { message: "b" }],
    });
  });

  test("endless recursion fails the execution", () => {
    const source =
      "function deeper(n) { return deeper(n + 1) + 1; }\nexport function run() { return deeper(0); }";
    expect(play(source).failure).toMatchObject({ name: "RangeError", message: "too much recursion" });
  });

  test.each([
    "throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; }, ownKeys() { throw 3; } })",
    "throw { get message() { throw 1; }, get name() { throw 2; }, toString() { throw 3; } }",
    "throw Object.assign(new Error('x'), { get cause() { throw 1; } })",
    "throw new Error('x'.repeat(1e6))",
    "return { toJSON() { throw new Proxy({}, { get() { throw 1; } }); } }",
    "return new Proxy([], { get() { throw 1; } })",
    "return { then() { throw null; } }",
  ])("hostile code only fails its execution: %s", (statement) => {
    expect(play(`export async function run() { ${statement}; }`).failure).toMatchObject({
      stack: expect.any(String) as string,
    });
  });

  test("a workflow that destroys the globals still fails by the protocol", () => {
    const source = `export async function run() {
      for (const type of [Array, Map, WeakMap, Promise, String, Object, Function, RegExp]) {
        for (const name of Object.getOwnPropertyNames(type.prototype)) {
          try { type.prototype[name] = () => { throw new Error("gone"); }; } catch {}
        }
      }
      throw new Error("after that");
    }`;
    expect(play(source).failure).toMatchObject({ name: "Error" });
  });

  test("a workflow that replaces globals that the runtime needs does not affect the runtime", () => {
    const source = `export async function run() {
      JSON.stringify = () => "broken"; JSON.parse = () => "broken";
      Promise.prototype.then = undefined; Promise.resolve = undefined;
      Map.prototype.get = undefined; Map.prototype.set = undefined; WeakMap.prototype.get = undefined;
      TextEncoder.prototype.encode = undefined; TextDecoder.prototype.decode = undefined;
      Date.now = () => 1; Math.random = () => 4;
      globalThis.Promise = class {}; globalThis.Error = class {};
      const response = await fetch("https://a.test/");
      await new Promise_((resolve) => setTimeout(resolve, 5));
      return response.status;
    }
    const Promise_ = Promise;`;
    expect(play(source)).toMatchObject({ result: 200, calls: ["fetch GET https://a.test/", "timer 5"] });
  });

  test("each result is accepted once, and none without a call", () => {
    const source = "export async function run(ctx) { await ctx.sleep(5); return performance.now(); }";
    expect(play(source)).toMatchObject({ result: 5, calls: ["sleep 5"], turns: 2 });
  });
});

describe("a replay", () => {
  const source = `export async function run(ctx) {
    const drawn = [Math.random(), crypto.randomUUID(), ...crypto.getRandomValues(new Uint8Array(4))];
    const times = [Date.now(), new Date().toISOString(), performance.now()];
    await ctx.sleep(1234);
    times.push(Date.now(), new Date().getTime(), performance.now(), performance.timeOrigin);
    return { drawn: [...drawn, Math.random()], times };
  }`;

  test("a replay with the same seed has the same result", () => {
    expect(play(source).result).toEqual(play(source).result);
  });

  test("a run with another seed has another result, but the same time", () => {
    const [first, second] = [play(source), play(source, { context: { seed: new Uint8Array(32).fill(8) } })];
    const drawn = ({ result }: typeof first): unknown[] => (result as { drawn: unknown[] }).drawn;
    for (const [index, value] of drawn(first).entries()) {
      if (typeof value === "number" && Number.isInteger(value)) continue;
      expect(value).not.toEqual(drawn(second)[index]);
    }
  });

  test("the clock shows the time of the start, and of each result once it is known", () => {
    expect(play(source).result).toMatchObject({
      times: [startedAt, "2026-01-01T00:00:00.000Z", 0, startedAt + 1234, startedAt + 1234, 1234, startedAt],
    });
  });
});

describe("a flood of host calls", () => {
  test.each([
    ["fetches", "fetch GET https://a.test/", "void fetch('https://a.test/').catch(() => {})"],
    ["sleeps", "sleep 1000", "void ctx.sleep(1000).catch(() => {})"],
  ])(
    "a flood of %s is cut off in the guest: the host receives the first call above the limit, and none after it",
    (_what, name, statement) => {
      const source = `export async function run(ctx) {
      for (let i = 0; i < 5000; i++) ${statement};
      return await fetch("https://a.test/").catch(({ name, code, message }) => ({ name, code, message }));
    }`;
      const { calls, result } = play(source, { callsInFlight: 5_000 });
      expect(calls).toEqual(Array.from({ length: 1_001 }, () => name));
      expect(result).toEqual({
        name: "RangeError",
        code: "limit-exceeded",
        message: "More than 1000 host calls at once (callsInFlight)",
      });
    },
  );
});

describe("a schedule that started the execution", () => {
  const schedule = {
    id: "orders.report",
    scheduledAt: "2026-03-29T01:00:00.000Z",
    previousAt: "2026-03-28T01:30:00.000Z",
  };
  const source = `export async function run(ctx) {
    return { schedule: ctx.schedule ?? null, isFrozen: Object.isFrozen(ctx.schedule), has: "schedule" in ctx };
  }`;

  test("the schedule that started the execution is in its ctx", () => {
    expect(play(source, { context: { schedule } }).result).toEqual({ schedule, isFrozen: true, has: true });
  });

  test("the ctx of other executions has no schedule", () => {
    expect(play(source).result).toEqual({ schedule: null, isFrozen: true, has: false });
  });
});
