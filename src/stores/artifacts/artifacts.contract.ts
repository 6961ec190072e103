import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Digest } from "../../base/digest.ts";
import { digestOf } from "../../base/sha256.ts";
import type { ArtifactStore } from "./artifacts.ts";

/** A store under test, with direct access to its storage. */
export interface ArtifactStoreUnderTest extends AsyncDisposable {
  readonly store: ArtifactStore;
  /** Replaces the stored bytes of the digest. */
  damage(digest: Digest, bytes: Uint8Array): Promise<void>;
  /** The location of the artifact as errors name it. */
  placeOf(digest: Digest): string;
}

/** The contract of every artifact store. */
export function describeArtifactStore(name: string, open: () => Promise<ArtifactStoreUnderTest>): void {
  describe(`${name} as an artifact store`, () => {
    test.each([
      ["no bytes", new Uint8Array()],
      ["text", new TextEncoder().encode("export function run() {}")],
      ["3 MiB of anything", new Uint8Array(randomBytes(3 * 1024 * 1024))],
    ])("gives back %s as they were stored", async (_, bytes) => {
      await using tested = await open();
      const digest = await tested.store.put(bytes);
      expect(digest).toBe(digestOf(bytes));
      expect(sameBytes(await tested.store.get(digest), bytes)).toBe(true);
    });

    test("stores a part of a larger buffer, not the buffer", async () => {
      await using tested = await open();
      const part = new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 3);
      expect(await tested.store.get(await tested.store.put(part))).toEqual(new Uint8Array([2, 3]));
    });

    test("gives bytes that are the caller's own", async () => {
      await using tested = await open();
      const digest = await tested.store.put(new Uint8Array([1, 2, 3]));
      (await tested.store.get(digest)).fill(0);
      expect(await tested.store.get(digest)).toEqual(new Uint8Array([1, 2, 3]));
    });

    test("takes the same bytes again", async () => {
      await using tested = await open();
      const bytes = randomBytes(1_000);
      expect(await tested.store.put(bytes)).toBe(await tested.store.put(bytes));
    });

    test("takes the same bytes and others from many at once", async () => {
      await using tested = await open();
      const contents = Array.from({ length: 40 }, (_, index) => new Uint8Array(50_000).fill(index % 4));
      const digests = await Promise.all(contents.map((bytes) => tested.store.put(bytes)));
      const read = await Promise.all(digests.map((digest) => tested.store.get(digest)));
      expect(read.every((bytes, index) => sameBytes(bytes, contents[index]))).toBe(true);
    });

    test("says which artifact is missing", async () => {
      await using tested = await open();
      const digest = digestOf("never stored");
      await expect(tested.store.get(digest)).rejects.toMatchObject({
        code: "artifact-missing",
        message: expect.stringContaining(digest),
      });
    });

    test.each([
      [
        "one bit flipped",
        (bytes: Uint8Array) => bytes.map((byte, index) => (index === 500 ? byte ^ 1 : byte)),
      ],
      ["its end cut off", (bytes: Uint8Array) => bytes.slice(0, 700)],
      ["nothing left", () => new Uint8Array()],
      ["another artifact in its place", () => new Uint8Array(1_000)],
    ])("refuses an artifact with %s, and names it and its place", async (_, damage) => {
      await using tested = await open();
      const bytes = new Uint8Array(randomBytes(1_000));
      const digest = await tested.store.put(bytes);
      await tested.damage(digest, damage(bytes));
      const refusal = expect(tested.store.get(digest)).rejects;
      await refusal.toMatchObject({ code: "artifact-corrupt", message: expect.stringContaining(digest) });
      await expect(tested.store.get(digest)).rejects.toThrow(tested.placeOf(digest));
    });

    test("repairs a damaged artifact when it is stored again", async () => {
      await using tested = await open();
      const bytes = new Uint8Array(randomBytes(1_000));
      const digest = await tested.store.put(bytes);
      await tested.damage(digest, bytes.slice(0, 10));
      await tested.store.put(bytes);
      expect(await tested.store.get(digest)).toEqual(bytes);
    });
  });
}

/** `toEqual` compares each byte separately, which is slow for megabytes. */
function sameBytes(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}
