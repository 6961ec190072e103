import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../base/json.ts";
import { maxFetchResponseBytes, packAboveLength } from "../domain/limits.ts";
import { decodeOutcome, encodeOutcome } from "../host/operations/journaled-outcome.ts";
import { packBody, packedOf, unpackBody } from "./packed-body.ts";

const outcomeOf = (body: Uint8Array) => encodeOutcome({ ok: true, now: 1, value: { status: 200 }, body });

const bodies: Readonly<Record<string, Uint8Array>> = {
  "JSON in two scripts": Buffer.from(
    JSON.stringify(Array.from({ length: 9_000 }, (_, n) => ({ n, name: "Ω é \ud83d\ude00" }))),
  ),
  "as many zeros as a response may have": new Uint8Array(maxFetchResponseBytes),
  "bytes that are no text": Buffer.from("ff00".repeat(40_000), "hex"),
  "a text with a byte order mark": Buffer.from(`\ufeff${"a".repeat(packAboveLength)}`),
};

describe("a body in the journal", () => {
  it.each(Object.entries(bodies))(
    "is packed where it is large, and comes back as it was: %s",
    async (_, body) => {
      const outcome = outcomeOf(body);
      const packed = await packBody(outcome);
      expect(JSON.stringify(packed).length).toBeLessThan(JSON.stringify(outcome).length / 4);
      // Through the journal.
      const unpacked = unpackBody(JSON.parse(JSON.stringify(packed)) as JsonValue);
      const read = decodeOutcome(unpacked);
      expect(read.ok && read.body !== undefined && Buffer.compare(read.body, body)).toBe(0);
    },
  );

  it.each<[string, JsonValue]>([
    ["a small body", outcomeOf(Buffer.from("a".repeat(packAboveLength)))],
    ["a body that does not shrink", outcomeOf(randomBytes(packAboveLength))],
    [
      "a failure",
      encodeOutcome({ ok: false, now: 1, error: { name: "Error", message: "m".repeat(100_000) } }),
    ],
    ["a long value", { ok: true, now: 1, value: "v".repeat(100_000) }],
    ["a number", 7],
    ["null", null],
  ])("stays as it is: %s", async (_, outcome) => {
    const journaled = await packBody(outcome);
    expect(journaled).toBe(outcome);
    expect(unpackBody(journaled)).toBe(outcome);
  });

  it("is refused where it is not as it was packed", async () => {
    const packed = packedOf(await packBody(outcomeOf(Buffer.alloc(100_000))));
    expect(packed).toMatchObject({ form: "text" });
    const changed = {
      ok: true,
      now: 1,
      value: null,
      packed: { ...packed, length: 1 },
    } as unknown as JsonValue;
    expect(() => unpackBody(changed)).toThrow("it is not as it was packed");
    const cut = {
      ok: true,
      packed: { ...packed, zstd: String(packed?.zstd).slice(8) },
    } as unknown as JsonValue;
    expect(() => unpackBody(cut)).toThrow("it is not as it was packed");
  });

  it("is found by neither name in what a server answers", async () => {
    const value = { packed: { form: "text", length: 1, zstd: "KLUv/QBYAQAAYQ==" } };
    const outcome = encodeOutcome({ ok: true, now: 1, value });
    expect(unpackBody(outcome)).toBe(outcome);
  });
});
