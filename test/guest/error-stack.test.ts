import { beforeAll, expect, test } from "vitest";
import { createGuestRunner } from "./guest-runner.ts";
import type { Played, PlayOptions } from "./guest-runner.ts";

let play: (source: string, options?: PlayOptions) => Played;
beforeAll(async () => {
  play = await createGuestRunner();
});

const frames = String.raw`(?:\n    at (?:async )?\w+ \(workflow\.js:\d+:\d+\))+$`;

test.each([
  ["that was thrown", `const e = new TypeError("no");`, "TypeError: no"],
  ["of the engine", `let e; try { null.x } catch (thrown) { e = thrown }`, String.raw`TypeError: .+`],
  [
    "of a class with a name",
    `class E extends Error { constructor(m) { super(m); this.name = "OrderError" } } const e = new E("no");`,
    "OrderError: no",
  ],
  [
    "that captures its stack",
    `class E extends Error { constructor(m) { super(m); Error.captureStackTrace(this, E) } } const e = new E("no");`,
    "Error: no",
  ],
  ["without a message", `const e = new Error();`, "Error"],
  [
    "of a fetch",
    `let e; try { await fetch("http://a.test/") } catch (thrown) { e = thrown }`,
    "TypeError: refused",
  ],
  ["that is any object", `const e = {}; Error.captureStackTrace(e);`, "Error"],
])("the stack of an error %s contains its message and the author's frames", (_, body, header) => {
  const { result, failure } = play(`export async function run() { ${body} return e.stack; }`, {
    respond: () => ({ error: { name: "TypeError", message: "refused" } }),
  });
  expect(failure).toBeUndefined();
  expect(result).toMatch(new RegExp(`^${header}${frames}`));
});

test("a stack that the author sets is kept", () => {
  const body = `const e = new Error("no"); e.stack = "mine"; const f = new Error("no"); f.stack += "!";`;
  const { result } = play(`export function run() { ${body} return [e.stack, f.stack]; }`);
  expect(result).toEqual(["mine", expect.stringMatching(/^Error: no\n {4}at run \(workflow\.js:1:\d+\)!$/)]);
});

test("console.error shows an error as in Node, and console.trace shows where it was called", () => {
  const { lines } = play(`export function run() {
    console.error(new Error("outer", { cause: new TypeError("inner") }));
    console.error(Object.assign(new Error("remote"), { stack: "Error: remote\\n    at server.js:1:1" }));
    console.trace("here");
  }`);
  expect(lines).toEqual([
    [
      "error",
      {
        name: "Error",
        message: "outer",
        stack: expect.stringMatching(new RegExp(`^Error: outer${frames}`)),
        cause: {
          name: "TypeError",
          message: "inner",
          stack: expect.stringMatching(new RegExp(`^TypeError: inner${frames}`)),
        },
      },
    ],
    ["error", { name: "Error", message: "remote", stack: "Error: remote\n    at server.js:1:1" }],
    ["debug", "Trace:", "here", expect.stringMatching(new RegExp(`^${frames}`))],
  ]);
});
