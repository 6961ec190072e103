import { describe, expect, test } from "vitest";
import { maxFailureBytes } from "../../domain/limits.ts";
import { describeThrown, encodeFailure } from "./failure.ts";
import type { ThrownFailure } from "./failure.ts";

const runStack = "at run (workflow.js:3:1)";

describe("a failure", () => {
  test("the failure of an error has its name, message, code and the author's frames", () => {
    const error = Object.assign(new RangeError("no"), {
      code: "E1",
      stack: "total@workflow.js:7:9\nx@lib.js:1:1",
    });
    expect(describeThrown(error, runStack)).toEqual({
      name: "RangeError",
      message: "no",
      code: "E1",
      stack: "at total (workflow.js:7:9)",
    });
  });

  test("a failure without a frame of the author's has the position of run", () => {
    expect(describeThrown(new DOMException("stop", "AbortError"), runStack)).toMatchObject({
      name: "AbortError",
      message: "stop",
      stack: runStack,
    });
  });

  test("a failure has its chain of causes, to a depth of five", () => {
    const chain = Array.from({ length: 10 }).reduce<Error>(
      (cause) => new Error("outer", { cause }),
      new Error("in"),
    );
    const depth = (failure: { cause?: object }): number =>
      failure.cause === undefined ? 0 : 1 + depth(failure.cause);
    expect(depth(describeThrown(chain))).toBe(5);
  });

  test("the causes of an error that is its own cause end", () => {
    const error = new Error("ouroboros");
    error.cause = error;
    expect(() => encodeFailure(error, "")).not.toThrow();
  });

  test("the failure of an AggregateError has its first ten errors", () => {
    const errors = Array.from({ length: 20 }, (_, i) => new Error(`e${i}`));
    const failure = describeThrown(new AggregateError(errors, "all failed"));
    expect(failure.errors?.map(({ message }) => message)).toEqual(
      errors.slice(0, 10).map(({ message }) => message),
    );
  });
});

describe("a failure within a failure", () => {
  test("a nested failure has its own causes and errors", () => {
    const refused = new Error("refused", { cause: new Error("ECONNREFUSED") });
    const all = new AggregateError([refused, new AggregateError([new Error("deepest")], "inner")], "all");
    const failure = describeThrown(new Error("outer", { cause: all }));
    expect(failure.cause?.errors).toMatchObject([
      { message: "refused", cause: { message: "ECONNREFUSED" } },
      { message: "inner", errors: [{ message: "deepest" }] },
    ]);
  });

  test("a failure has at most forty nested failures", () => {
    const many = (depth: number): Error =>
      depth === 0
        ? new Error("leaf")
        : new AggregateError(
            Array.from({ length: 10 }, () => many(depth - 1)),
            `level ${depth}`,
          );
    const count = ({ cause, errors = [] }: ThrownFailure): number =>
      errors.reduce((sum, one) => sum + 1 + count(one), cause === undefined ? 0 : 1 + count(cause));
    expect(count(describeThrown(many(4)))).toBe(40);
  });
});

describe("a thrown value that is not an error", () => {
  test.each([
    ["text", { name: "Error", message: "text" }],
    [5, { name: "Error", message: "5" }],
    [undefined, { name: "Error", message: "undefined" }],
    [null, { name: "Error", message: "null" }],
    [Symbol("s"), { name: "Error", message: "Symbol(s)" }],
    [10n, { name: "Error", message: "10" }],
    [{ status: 404 }, { name: "Error", message: '{"status":404}' }],
    [Object.create(null), { name: "Error", message: "{}" }],
    [
      { name: "HttpError", message: "gone" },
      { name: "HttpError", message: "gone" },
    ],
    [{ name: 5, message: {}, stack: [] }, { name: "Error" }],
    [() => 1, { name: "Error", message: "[Function: anonymous]" }],
    [{ toString: trap, [Symbol.toPrimitive]: trap }, { name: "Error" }],
    [new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap }), { name: "Error" }],
    [new Proxy(new Error("x"), { get: trap }), { name: "Error" }],
  ])("a thrown value that is not an error is described: %#", (thrown, expected) => {
    expect(describeThrown(thrown, runStack)).toMatchObject({ ...expected, stack: runStack });
  });
});

describe("the bytes of a failure", () => {
  test.each([
    ["a long message", new Error("x".repeat(1_000_000))],
    ["a message that JSON escapes", new Error("\u0000".repeat(1_000_000))],
    ["long everything", hugeError()],
    ["many long errors", new AggregateError(Array.from({ length: 50 }, hugeError), "\u0001".repeat(40_000))],
  ])("a failure with %s stays within its size limit", (_, error) => {
    const bytes = encodeFailure(error, "");
    expect(bytes.length).toBeLessThanOrEqual(maxFailureBytes);
    const { message } = JSON.parse(new TextDecoder().decode(bytes)) as { message: string };
    expect(message).toMatch(/… \(\d+ more characters\)$/);
  });
});

test("a property escape in a regular expression is explained", () => {
  const error = new SyntaxError("invalid property name in regular expression");
  expect(describeThrown(error).message).toContain("no Unicode property escapes");
});

function hugeError(): Error {
  const stack = Array.from({ length: 100 }, (_, i) => `${"\u0001".repeat(5_000)}@workflow.js:1:${i}`).join(
    "\n",
  );
  return Object.assign(new Error("\u0001".repeat(50_000)), {
    name: "\u0001".repeat(5_000),
    code: "\u0001".repeat(5_000),
    stack,
    cause: new Error("\u0001".repeat(50_000)),
  });
}

function trap(): never {
  throw new Error("trapped");
}
