import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../base/json.ts";
import { maxFetchResponseBytes } from "../../domain/limits.ts";
import type { TimedOutcome } from "../../domain/outcome.ts";
import { decodeOutcome, encodeOutcome } from "./journaled-outcome.ts";

const anyValue = fc.jsonValue({ noUnicodeString: false }).map((value) => throughJson(value as JsonValue));
const randomBody = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
);
const anyOutcome: fc.Arbitrary<TimedOutcome> = fc.oneof(
  fc.record(
    { ok: fc.constant(true as const), now: fc.nat(), value: anyValue, body: randomBody },
    { requiredKeys: ["ok", "now", "value"] },
  ),
  fc.record({
    ok: fc.constant(false as const),
    now: fc.nat(),
    error: fc.record(
      { name: fc.string(), message: fc.string(), code: fc.string(), stack: fc.string() },
      { requiredKeys: ["name", "message"] },
    ),
  }),
);

function throughJson(value: JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}

function failToDecompress(): never {
  throw new Error("It is not Zstandard");
}

function encodedBody(body: Uint8Array): JsonValue {
  return encodeOutcome({ ok: true, now: 1, value: null, body });
}

test("an outcome is unchanged after encoding and decoding", () => {
  fc.assert(
    fc.property(anyOutcome, (outcome) => {
      expect(decodeOutcome(throughJson(encodeOutcome(outcome)))).toEqual(outcome);
    }),
    { numRuns: 1_000 },
  );
});

describe("a body in the journal", () => {
  test.each<[what: string, body: Uint8Array, written: object]>([
    ["JSON", new TextEncoder().encode('{"order":7}'), { text: '{"order":7}' }],
    ["text beyond ASCII", new TextEncoder().encode("größe 📦"), { text: "größe 📦" }],
    ["text with a byte order mark", Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), { text: "\u{feff}a" }],
    ["text with a null", Uint8Array.of(0x61, 0), { text: "a\0" }],
    ["nothing", new Uint8Array(), { text: "" }],
    ["an image", Uint8Array.of(0x89, 0x50, 0x4e, 0x47), { base64: "iVBORw==" }],
    ["a surrogate in UTF-8's disguise", Uint8Array.of(0xed, 0xa0, 0x80), { base64: "7aCA" }],
    ["an overlong form", Uint8Array.of(0xc0, 0xaf), { base64: "wK8=" }],
  ])("%s", (_what, body, written) => {
    expect(encodedBody(body)).toEqual({ ok: true, now: 1, value: null, ...written });
    expect(decodeOutcome(encodedBody(body))).toEqual({ ok: true, now: 1, value: null, body });
  });

  test("a view of a larger buffer is encoded without the rest", () => {
    const body = Uint8Array.of(1, 2, 0xff, 0xfe, 5).subarray(2, 4);
    expect(encodedBody(body)).toMatchObject({ base64: "//4=" });
  });

  test("a compressed body is decompressed, and rejected if that fails", () => {
    const compressed = { bytes: 2, zstd: "" };
    const outcome = encodeOutcome({ ok: true, now: 1, value: null, body: new Uint8Array(2) }, {}, compressed);
    expect(outcome).toEqual({ ok: true, now: 1, value: null, compressed });
    const body = Uint8Array.of(1, 2);
    expect(decodeOutcome(outcome, () => body)).toEqual({ ok: true, now: 1, value: null, body });
    expect(() => decodeOutcome(outcome)).toThrow("its body is compressed");
    expect(() => decodeOutcome(outcome, failToDecompress)).toThrow("its body cannot be decompressed");
  });

  test("the largest body fits into a message of 32 MiB with any content", () => {
    for (const byte of [0x00, 0x22, 0x61, 0xff]) {
      const json = JSON.stringify(encodedBody(new Uint8Array(maxFetchResponseBytes).fill(byte)));
      expect(json.length).toBeLessThan(24 * 1024 * 1024);
    }
  });
});

describe("decodeOutcome rejects", () => {
  test.each<[what: string, json: JsonValue]>([
    ["nothing", null],
    ["a text", "ok"],
    ["no ok", { now: 1, value: null }],
    ["an ok of another type", { ok: "true", now: 1, value: null }],
    ["no time", { ok: true, value: null }],
    ["no value", { ok: true, now: 1 }],
    ["two bodies", { ok: true, now: 1, value: null, text: "", base64: "" }],
    ["a body in two forms", { ok: true, now: 1, value: null, text: "", compressed: { bytes: 1, zstd: "" } }],
    ["a body that is no base64", { ok: true, now: 1, value: null, base64: "a-b" }],
    ["base64 that is cut off", { ok: true, now: 1, value: null, base64: "iVBORw=" }],
    ["a key too many", { ok: true, now: 1, value: null, bytes: "" }],
    ["a failure without error", { ok: false, now: 1 }],
    ["a failure without message", { ok: false, now: 1, error: { name: "Error" } }],
    ["a failure with a value", { ok: false, now: 1, error: { name: "", message: "" }, value: 1 }],
  ])("%s", (_what, json) => {
    expect(() => decodeOutcome(json)).toThrow("Cannot read the outcome of an operation from the journal");
  });
});
