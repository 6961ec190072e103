import { describe, expect, test } from "vitest";
import { printable } from "./printable.ts";

const show = (value: unknown): unknown => printable(value, 16_384);

describe("console arguments", () => {
  test.each([
    ["text", "text"],
    [1.5, 1.5],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
    [10n, "10n"],
    [undefined, "undefined"],
    [null, null],
    [Symbol("s"), "Symbol(s)"],
    [total, "[Function: total]"],
    [() => 1, "[Function: anonymous]"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Date(Number.NaN), "Invalid Date"],
    [/a+/g, "/a+/g"],
    [new Uint8Array(3), "[Uint8Array(3)]"],
    [new ArrayBuffer(4), "[ArrayBuffer(4)]"],
    [Promise.resolve(1), "[Promise]"],
    [new WeakMap(), "[WeakMap]"],
    [new Map([["a", 1]]), { "[Map]": [["a", 1]] }],
    [new Set([1]), { "[Set]": [1] }],
    [new URL("https://a.test/b?c=1"), "https://a.test/b?c=1"],
    [new URLSearchParams({ a: "b c" }), "a=b+c"],
    [new Headers({ accept: "a/b" }), { "[Headers]": [["accept", "a/b"]] }],
    [new Blob(["abc"]), "[Blob(3)]"],
    [
      new Response("x", { status: 201 }),
      {
        "[Response]": {
          status: 201,
          url: "",
          headers: { "[Headers]": [["content-type", "text/plain;charset=UTF-8"]] },
        },
      },
    ],
    [new AbortController().signal, "[AbortSignal]"],
    [Object.create(null), {}],
    [
      [1, [2]],
      [1, [2]],
    ],
    [{ a: { b: undefined } }, { a: { b: "undefined" } }],
  ])("a console argument is shown: %s", (value, shown) => {
    expect(show(value)).toEqual(shown);
  });

  test("an error is shown with its name, message, stack in the author's code, and other properties", () => {
    const error = Object.assign(new TypeError("no"), {
      code: "E1",
      stack: "f@workflow.js:1:2\ng@lib.js:1:1",
    });
    const outer = new Error("outer", { cause: error });
    expect(show(error)).toEqual({
      name: "TypeError",
      message: "no",
      stack: "TypeError: no\n    at f (workflow.js:1:2)",
      code: "E1",
    });
    expect(show(outer)).toMatchObject({ message: "outer", cause: { message: "no" } });
    expect(show(new AggregateError([error], "all"))).toMatchObject({
      message: "all",
      errors: [{ code: "E1" }],
    });
  });

  test("an object inside itself is shown as [Circular], and a repeated object is shown twice", () => {
    const circle: Record<string, unknown> = { tax: 1 };
    circle["self"] = circle;
    expect(show(circle)).toEqual({ tax: 1, self: "[Circular]" });
    expect(show([{}, {}])).toEqual([{}, {}]);
  });
});

describe("hostile console arguments", () => {
  test("a getter that throws is shown by name, and the other properties are shown", () => {
    const value = {
      get a(): never {
        throw new Error("hidden");
      },
      b: 1,
    };
    expect(show(value)).toEqual({ a: "[unreadable: hidden]", b: 1 });
  });

  test("a proxy whose traps all throw is shown as unreadable", () => {
    const proxy = new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap });
    expect(show([proxy, 1])).toEqual(["[unreadable: trapped]", 1]);
  });

  test("a revoked proxy is shown as unreadable", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(show({ proxy })).toEqual({ proxy: expect.stringContaining("[unreadable: ") as string });
  });

  test("an error whose message throws is shown as unreadable", () => {
    const error = new Error("x");
    Object.defineProperty(error, "message", {
      get() {
        throw error;
      },
    });
    expect(() => JSON.stringify(show(error))).not.toThrow();
  });

  test("a key named __proto__ is shown as a key", () => {
    expect(JSON.stringify(show(JSON.parse('{"__proto__":{"a":1}}')))).toBe('{"__proto__":{"a":1}}');
  });
});

describe("limits of console arguments", () => {
  test("the depth of a shown value is bounded", () => {
    const nested = { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } };
    expect(JSON.stringify(show(nested))).toContain("[Object]");
    expect(JSON.stringify(show([[[[[[[1]]]]]]]))).toContain("[Array]");
  });

  test.each([
    ["long text", "x".repeat(100_000)],
    ["many texts", Array.from({ length: 10_000 }, () => "abcdef")],
    ["many keys", Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, i]))],
    ["a wide tree", tree(6)],
    ["an endless tree", endless()],
  ])("the size of a shown value is bounded: %s", (_, value) => {
    expect(JSON.stringify(printable(value, 1_000)).length).toBeLessThan(10_000);
  });

  test("a shown value states how much is missing", () => {
    expect(printable("x".repeat(30), 10)).toBe("xxxxxxxxxx… (20 more characters)");
    expect(printable(Array.from({ length: 300 }), 16_384)).toContain("… (100 more)");
  });
});

function tree(depth: number): unknown {
  return depth === 0 ? 1 : Array.from({ length: 10 }, () => tree(depth - 1));
}

function endless(): object {
  return new Proxy(
    {},
    { get: endless, ownKeys: () => ["a", "b", "c"], getOwnPropertyDescriptor: anyProperty },
  );
}

function anyProperty(): PropertyDescriptor {
  return { configurable: true, enumerable: true, value: 1 };
}

function total(): void {}

function trap(): never {
  throw new Error("trapped");
}
