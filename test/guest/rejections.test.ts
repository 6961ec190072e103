import { beforeAll, describe, expect, test } from "vitest";
import { createGuestRunner } from "./guest-runner.ts";
import type { Played } from "./guest-runner.ts";

let runner: Awaited<ReturnType<typeof createGuestRunner>>;
let play: (body: string) => Played;
beforeAll(async () => {
  runner = await createGuestRunner();
  play = (body) => runner(`export async function run(ctx) { ${body} }`);
});

function exporting(mode: string, body: string): Played {
  return runner(`export const unhandledRejections = ${mode};\nexport async function run(ctx) { ${body} }`);
}

const wait = "await ctx.sleep(5); return 'returned';";

describe("an unhandled error", () => {
  test.each([
    [
      "thrown in an async function that is not awaited",
      `(async () => { throw new Error("lost"); })(); return 1;`,
    ],
    [
      "and the same some microtasks later",
      `(async () => { await null; await 1; throw new Error("lost"); })(); return 1;`,
    ],
    [
      "thrown in forEach(async)",
      `[1, 2].forEach(async () => { await null; throw new Error("lost"); }); ${wait}`,
    ],
    ["thrown in setTimeout(async)", `setTimeout(async () => { throw new Error("lost"); }, 0); ${wait}`],
    ["and in one that waited", `setTimeout(async () => { throw new Error("lost"); }, 1); ${wait}`],
    ["thrown in a timer", `setTimeout(() => { throw new Error("lost"); }, 1); ${wait}`],
    ["thrown in queueMicrotask", `queueMicrotask(() => { throw new Error("lost"); }); ${wait}`],
    [
      "thrown in a listener",
      `const it = new EventTarget(); it.addEventListener("x", () => { throw new Error("lost"); }); it.dispatchEvent(new Event("x")); ${wait}`,
    ],
    [
      "thrown in an async listener",
      `const it = new EventTarget(); it.addEventListener("x", async () => { throw new Error("lost"); }); it.dispatchEvent(new Event("x")); ${wait}`,
    ],
    ["rejected by a constructor", `new Promise((_, reject) => reject(new Error("lost"))); ${wait}`],
    ["passed on by then", `Promise.reject(new Error("lost")).then(() => 1); ${wait}`],
    ["thrown again by finally", `Promise.reject(new Error("lost")).finally(() => 1); ${wait}`],
    [
      "of a pipe that fails",
      `ReadableStream.from(["a"]).pipeTo(new WritableStream({ write() { throw new Error("lost"); } })); ${wait}`,
    ],
    [
      "of a class of promises that lies",
      `class Lying extends Promise { static get [Symbol.species]() { throw new Error("lost"); } } new Lying((_, reject) => reject(1)); ${wait}`,
    ],
  ])("an unhandled error fails the execution and is logged to the console: %s", (_, body) => {
    const { failure, result, lines } = play(body);
    expect(result).toBeUndefined();
    expect(failure).toMatchObject({ message: "lost", stack: expect.stringContaining("workflow.js") });
    expect(lines[0]).toMatchObject(["error", expect.stringMatching(/^Un/), { message: "lost" }]);
  });

  test("the first of many unhandled rejections fails the execution, and ten are logged", () => {
    const { failure, lines } = play(
      `for (let n = 0; n < 1000; n++) Promise.reject(new Error("lost " + n)); ${wait}`,
    );
    expect(failure?.message).toBe("lost 0");
    expect(lines).toHaveLength(10);
  });

  test("an unhandled rejection of a host call fails the execution", () => {
    const { failure } = play(`void fetch("https://a.test/", { method: "NO GOOD" }); ${wait}`);
    expect(failure?.name).toBe("TypeError");
  });
});

describe("export unhandledRejections", () => {
  const lost = `(async () => { await null; throw new Error("lost"); })();`;
  test.each([
    ["at once", `${lost} ${wait}`],
    ["after a wait", `await ctx.sleep(1); ${lost} ${wait}`],
    ["in a timer", `setTimeout(async () => { throw new Error("lost"); }, 1); ${wait}`],
    ["in the turn in which run returns", `await ctx.sleep(1); ${lost} return "returned";`],
  ])('with "warn", an unhandled rejection is only logged to the console: %s', (_, body) => {
    const { result, failure, lines } = exporting('"warn"', body);
    expect({ result, failure }).toEqual({ result: "returned" });
    expect(lines).toMatchObject([["error", "Unhandled rejection:", { message: "lost" }]]);
  });

  test('with "warn", an error thrown in a timer still fails the execution', () => {
    const { failure } = exporting('"warn"', `setTimeout(() => { throw new Error("lost"); }, 1); ${wait}`);
    expect(failure?.message).toBe("lost");
  });

  test('with "throw", an unhandled rejection fails the execution', () => {
    expect(exporting('"throw"', `${lost} ${wait}`).failure?.message).toBe("lost");
  });

  test.each(['"none"', "5"])("with %s, the evaluation fails", (mode) => {
    expect(exporting(mode, wait).evaluationFailure?.message).toMatch(
      /unhandledRejections is .*"throw" or "warn"/,
    );
  });
});

describe("handled rejections", () => {
  test.each([
    [
      "a rejection that is handled in the same turn",
      `const lost = (async () => { throw 1; })(); await null; await null; try { await lost; } catch {} ${wait}`,
    ],
    ["allSettled", `await Promise.allSettled([Promise.reject(1), 2]); ${wait}`],
    ["a race that others lose", `await Promise.race([1, (async () => { await null; throw 1; })()]); ${wait}`],
    [
      "a stream that fails",
      `const { readable } = { readable: new ReadableStream({ start(it) { it.error(1); } }) }; const reader = readable.getReader(); ${wait}`,
    ],
    [
      "a writer of a stream that fails",
      `const writer = new WritableStream({ start(it) { it.error(1); } }).getWriter(); ${wait}`,
    ],
    [
      "a transform that fails, which its reader handles",
      `try { await new Response(ReadableStream.from(["a"]).pipeThrough(new TransformStream({ transform() { throw 1; } }))).text(); } catch {} ${wait}`,
    ],
    [
      "a destination of a pipe that fails, which is handled",
      `await ReadableStream.from(["a"]).pipeTo(new WritableStream({ write() { throw 1; } })).catch(() => {}); ${wait}`,
    ],
    [
      "a fetch that is aborted and awaited",
      `const controller = new AbortController(); const answer = fetch("https://a.test/", { signal: controller.signal }); controller.abort(); try { await answer; } catch {} ${wait}`,
    ],
  ])("an execution continues after %s", (_, body) => {
    expect(play(body)).toMatchObject({ result: "returned", lines: [] });
  });
});
