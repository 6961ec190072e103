import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { maxFetchResponseBytes } from "../domain/limits.ts";
import { compressAboveBytes } from "./compressed-bytes.ts";
import { compressBytes, decompressBytes, decompressInBackground } from "./compressed-bytes.ts";
import { compressedBytes } from "./journaled-body.ts";

const compressible: Readonly<Record<string, Uint8Array>> = {
  "JSON in two scripts": Buffer.from(
    JSON.stringify(Array.from({ length: 9_000 }, (_, n) => ({ n, name: "Ω é \ud83d\ude00" }))),
  ),
  "as many zeros as a response may have": new Uint8Array(maxFetchResponseBytes),
  "bytes that are not UTF-8": Buffer.from("ff00".repeat(40_000), "hex"),
};

describe("long bytes in the journal", () => {
  test.each(Object.entries(compressible))(
    "are unchanged after compression, journaling and decompression: %s",
    async (_, bytes) => {
      const compressed = await compressBytes(bytes);
      const journaled = compressedBytes.safeParse(JSON.parse(JSON.stringify(compressed))).data;
      if (journaled === undefined) throw new Error("Nothing was compressed");
      expect(journaled.zstd.length).toBeLessThan(bytes.length / 4);
      expect(Buffer.compare(decompressBytes(journaled), bytes)).toBe(0);
      expect(Buffer.compare(await decompressInBackground(journaled), bytes)).toBe(0);
    },
  );

  test.each([
    ["few bytes", new Uint8Array(compressAboveBytes)],
    ["random bytes", randomBytes(compressAboveBytes * 2)],
  ])("are not compressed if that does not help: %s", async (_, bytes) => {
    expect(await compressBytes(bytes)).toBeUndefined();
  });

  test("are rejected if they are not what was compressed", async () => {
    const compressed = await compressBytes(new Uint8Array(100_000));
    if (compressed === undefined) throw new Error("Nothing was compressed");
    const changed = { ...compressed, bytes: 1 };
    const cut = { ...compressed, zstd: compressed.zstd.slice(8) };
    for (const broken of [changed, cut]) {
      expect(() => decompressBytes(broken)).toThrow();
      await expect(decompressInBackground(broken)).rejects.toThrow();
    }
  });

  test.each([null, 7, "zstd", [], {}, { bytes: "1", zstd: "" }, { bytes: 1 }])("are not %j", (value) => {
    expect(compressedBytes.safeParse(value).data).toBeUndefined();
  });
});
