import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../base/sha256.ts";
import { memoryCeilingPages } from "../../domain/limits.ts";
import { protocolVersion } from "../engine/protocol-version.ts";
import { encodedImageOf, loadTestEngine } from "../testing/images.ts";
import { imagePageBytes } from "./engine-state.ts";
import type { PristineEngine } from "./engine-state.ts";
import { decodeImage, encodeImage } from "./image.ts";
import { createInstance } from "./instance.ts";
import type { LoadedEngine } from "./instance.ts";

const headerBytes = 56;
const wasmPageBytes = 65_536;
const source = "const seen = new Map([[1, 'one']]); export function run() { return [...seen]; }";

describe("an image of the real engine", () => {
  let engine: LoadedEngine;
  let bytes: Uint8Array;

  beforeAll(async () => {
    engine = await loadTestEngine();
    bytes = await encodedImageOf(engine, source);
  });

  test("restoring an image gives exactly the state that it was taken from", async () => {
    const instance = createInstance(engine);
    instance.reset(await decodeImage(bytes, engine));
    expect(digestOf(encodeImage(engine, instance.state(), protocolVersion).bytes)).toBe(digestOf(bytes));
  });

  test("evaluating the same source gives the same image bytes", async () => {
    expect(digestOf(await encodedImageOf(engine, source))).toBe(digestOf(bytes));
  });

  test("an image is small", () => {
    expect(bytes.length).toBeLessThan(200 * 1024);
  });

  test("an image is refused by another engine", async () => {
    const other = { ...engine, digest: digestOf("another engine") };
    await expect(decodeImage(bytes, other)).rejects.toMatchObject({
      code: "artifact-corrupt",
      message: expect.stringContaining(engine.digest),
    });
  });

  test("a truncated image is refused", async () => {
    for (const length of [0, 1, headerBytes - 1, headerBytes, headerBytes + 1, bytes.length - 1]) {
      await expect(decodeImage(bytes.slice(0, length), engine)).rejects.toMatchObject({
        code: "artifact-corrupt",
      });
    }
  });

  test("an image with a changed byte is refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        // Changes in the header alone are detected by the digest of the artifact.
        const isInHeaderAlone = [10, 11, 44, 45, 46, 47].includes(at);
        if (isInHeaderAlone) return;
        await expect(decodeImage(damaged, engine)).rejects.toMatchObject({ code: "artifact-corrupt" });
      }),
      { numRuns: 200 },
    );
  });
});

describe("an image", () => {
  const engine: PristineEngine = {
    digest: digestOf("a small engine"),
    memory: new Uint8Array(wasmPageBytes).map((_, index) => index % 251),
    globals: [1_048_576, 5n],
  };

  test("an image preserves globals, changed pages and grown memory", async () => {
    await fc.assert(
      fc.asyncProperty(states(), async ({ memory, globals }) => {
        const { bytes, pageCount } = encodeImage(engine, { memory, globals }, 9);
        const image = await decodeImage(bytes, engine);
        expect(image.globals).toEqual(globals);
        expect(image.protocolVersion).toBe(9);
        expect(image.memoryBytes).toBe(memory.length);
        expect(image.pageOffsets).toHaveLength(pageCount);
        expect(digestOf(restored(image.memoryBytes, image))).toBe(digestOf(memory));
      }),
      { numRuns: 50 },
    );
  });

  test("decoding never reads beyond the bytes or the memory", async () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(zstdCompressSync(bytes))),
    );
    await fc.assert(
      fc.asyncProperty(headers(), body, async (header, rest) => {
        const bytes = Buffer.concat([header, rest]);
        await expect(decodeImage(bytes, engine)).rejects.toMatchObject({ code: "artifact-corrupt" });
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["a page beyond its memory", (body: Buffer) => body.writeUInt32LE(16, 18)],
    ["pages out of order", (body: Buffer) => body.writeUInt32LE(3, 18)],
    ["a global of another type", (body: Buffer) => body.writeUInt8(1, 0)],
  ])("an image is refused with %s", async (_, damage) => {
    const memory = engine.memory.slice();
    memory[0] = 1;
    memory[imagePageBytes] = 200;
    const { bytes } = encodeImage(engine, { memory, globals: engine.globals }, 1);
    const body = zstdDecompressSync(bytes.subarray(headerBytes));
    damage(body);
    const damaged = Buffer.concat([bytes.subarray(0, headerBytes), zstdCompressSync(body)]);
    await expect(decodeImage(damaged, engine)).rejects.toMatchObject({ code: "artifact-corrupt" });
  });

  test("an image whose memory exceeds the maximum of an instance is refused", async () => {
    const { bytes } = encodeImage(engine, engine, 1);
    const damaged = Buffer.from(bytes);
    damaged.writeUInt32LE(memoryCeilingPages + 1, 44);
    await expect(decodeImage(damaged, engine)).rejects.toMatchObject({
      message: expect.stringContaining("larger than an instance can be"),
    });
  });

  /** The engine's memory, possibly grown, with a few bytes changed. */
  function states() {
    return fc
      .record({
        grownPages: fc.nat(3),
        changes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 30 }),
        pointer: fc.nat(2 ** 31),
        random: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      })
      .map(({ grownPages, changes, pointer, random }) => {
        const memory = new Uint8Array(wasmPageBytes * (1 + grownPages));
        memory.set(engine.memory);
        for (const [at, value] of changes) memory[at % memory.length] = value;
        return { memory, globals: [pointer, random] };
      });
  }

  /** Headers with the right form and arbitrary numbers. */
  function headers() {
    const small = fc.oneof(fc.nat(20), fc.nat(2 ** 32 - 1));
    return fc.tuple(small, small, small).map(([memoryPages, globalCount, pageCount]) => {
      const header = Buffer.from(encodeImage(engine, engine, 1).bytes.subarray(0, headerBytes));
      header.writeUInt32LE(memoryPages, 44);
      header.writeUInt32LE(globalCount, 48);
      header.writeUInt32LE(pageCount, 52);
      return header;
    });
  }

  function restored(length: number, image: Awaited<ReturnType<typeof decodeImage>>): Uint8Array {
    const memory = new Uint8Array(length);
    memory.set(engine.memory);
    for (const [index, offset] of image.pageOffsets.entries()) {
      memory.set(image.pages.slice(index * imagePageBytes, (index + 1) * imagePageBytes), offset);
    }
    return memory;
  }
});
