import { describe, expect, test } from "vitest";
import { encodeResult } from "./result.ts";

describe("a result", () => {
  test.each([
    [undefined, "null"],
    [null, "null"],
    [0, "0"],
    [{ a: null, b: [1e308] }, '{"a":null,"b":[1e+308]}'],
    ["ä", '"ä"'],
    [{ a: undefined, b: () => 1, c: [undefined] }, '{"c":[null]}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [new Map([[1, 2]]), "{}"],
  ])("the result %s is encoded as %s", (result, json) => {
    expect(new TextDecoder().decode(encodeResult(result))).toBe(json);
  });

  test("a result may contain the same object twice", () => {
    const tax = { rate: 19 };
    expect(() => encodeResult({ a: tax, b: tax })).not.toThrow();
  });
});

describe("a result that is not JSON", () => {
  const circle: Record<string, unknown> = {};
  circle["list"] = [{ back: circle }];
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  test.each([
    [() => 1, "result is a function"],
    [Symbol("s"), "result is a symbol"],
    [5n, "result is a BigInt"],
    [Number.NaN, "result is NaN"],
    [{ rows: [null, { total: Number.POSITIVE_INFINITY }] }, "result.rows[1].total is Infinity"],
    [{ a: { toJSON: () => [Number.NEGATIVE_INFINITY] } }, "result.a[0] is -Infinity"],
    [{ items: [1, 2, 3, { total: 5n }] }, "result.items[3].total is a BigInt"],
    [{ "not a name": { 'quo"te': 1n } }, 'result["not a name"]["quo\\"te"] is a BigInt'],
    [circle, "result.list[0].back is an object that contains itself"],
    [
      {
        get total() {
          throw new Error("no total");
        },
      },
      "result.total throws: no total",
    ],
    [{ a: { toJSON: () => ({ b: 1n }) } }, "result.a.b is a BigInt"],
    [
      {
        toJSON() {
          throw new Error("no JSON");
        },
      },
      "a part of it cannot be read",
    ],
    [{ toJSON: () => undefined }, "result is an object whose toJSON() gives nothing"],
    [{ inner: revoked.proxy }, "result.inner cannot be read"],
  ])("a result that is not JSON is refused with the position of the value: %#", (result, place) => {
    expect(() => encodeResult(result)).toThrow(`The result of run() is not JSON: ${place}`);
  });
});
