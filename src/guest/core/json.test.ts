import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outOfMemoryMessage, stringifyInChunks } from "./json.ts";

/** An engine that runs out of memory on every array and object. */
const poorEngine = ((value: unknown, ...rest: never[]) => {
  if (typeof value === "object" && value !== null) throw outOfMemoryMessage;
  return JSON.stringify(value, ...rest);
}) as typeof JSON.stringify;

/** The resulting text, or the class of the thrown error. */
function outcomeOf(stringify: () => string | undefined): unknown {
  try {
    return stringify();
  } catch (error) {
    return (error as Error).constructor.name;
  }
}

function expectSame(value: unknown, replacer?: unknown, space?: unknown): void {
  const expected = outcomeOf(() => JSON.stringify(value, replacer as never, space as never));
  expect(outcomeOf(() => stringifyInChunks(value, replacer, space, poorEngine))).toEqual(expected);
  expect(outcomeOf(() => stringifyInChunks(value, replacer, space))).toEqual(expected);
}

const text = fc.string({ unit: "binary" });
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, tie("leaf"), tie("list"), tie("record"), tie("converted")),
  leaf: fc.oneof(
    text,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(null, undefined, Symbol("s"), () => 1, -0, new Date(0), new Date(Number.NaN), /a/),
    text.map((inner) => Object(inner) as unknown),
    fc.double().map((inner) => Object(inner) as unknown),
    fc.boolean().map((inner) => Object(inner) as unknown),
    fc.bigInt().map((inner) => Object(inner) as unknown),
    fc.bigInt(),
    fc.uint8Array({ maxLength: 3 }),
  ),
  list: fc.oneof(fc.array(tie("value"), { maxLength: 4 }), fc.sparseArray(tie("value"), { maxLength: 5 })),
  record: fc.oneof(
    fc.dictionary(text, tie("value"), { maxKeys: 4 }),
    fc.dictionary(fc.nat(20).map(String), tie("value"), { maxKeys: 4 }),
    fc
      .dictionary(text, tie("value"), { maxKeys: 4, noNullPrototype: true })
      .map((inner) => new Proxy(inner, {})),
  ),
  converted: tie("value").map((inner) => ({ toJSON: (key: unknown) => [typeof key, key, inner] })),
}));
/** V8 truncates an indent at U+0000. */
const indent = text.map((inner) => inner.replaceAll("\0", "\n"));
const anySpace = fc.oneof(
  fc.integer({ min: -1, max: 12 }),
  indent,
  fc.constantFrom(undefined, Object(3), Object("→")),
);
const anyReplacer = fc.oneof(
  fc.constant(undefined),
  fc.array(fc.oneof(text, fc.nat(20), fc.constantFrom(Object("1"), Object(2), null, {})), { maxLength: 5 }),
  fc.constant(function replace(this: unknown, key: string, value: unknown) {
    return typeof value === "number"
      ? [key, Array.isArray(this), value + 1].slice(0, key === "0" ? 0 : 3).map(String)
      : value;
  }),
);

describe("a value that exceeds the memory of the engine's JSON.stringify", () => {
  test("chunked serialization gives the same JSON for any value, replacer and indent", () => {
    fc.assert(fc.property(anyValue, anyReplacer, anySpace, expectSame), { numRuns: 2_000 });
  });

  test.each([32_766, 32_767, 32_768, 32_769, 65_536, 100_001])(
    "chunked serialization gives the same JSON for a string of %i characters, with a surrogate pair or a lone one anywhere",
    (length) => {
      for (const inserted of ["", "\u{1f600}", "\ud83d", "\ude00", "\n", '"', "\\", "\u007f\u2028"]) {
        for (const before of [0, length - 2, 32_766, 32_767].filter((place) => place <= length)) {
          const value = "a".repeat(before) + inserted + "ł".repeat(length - before);
          expect(stringifyInChunks({ [value]: value }) === JSON.stringify({ [value]: value })).toBe(true);
        }
      }
    },
  );

  test("chunked serialization throws the same error for a cyclic value", () => {
    const cyclic: Record<string, unknown> = { a: [1] };
    cyclic["b"] = { inside: [cyclic] };
    expectSame(cyclic);
    expectSame([{ toJSON: () => cyclic }]);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expectSame({ proxy });
  });

  test("chunked serialization does not take a repeated value for a cyclic one", () => {
    const shared = { x: [1] };
    expectSame({ a: shared, b: [shared, shared] });
  });
});
