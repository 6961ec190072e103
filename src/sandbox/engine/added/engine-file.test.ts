import { describe, expect, test } from "vitest";
import { tinyCore, tinyEngine } from "../../../../test/support/tiny-engine.ts";
import { digestOf } from "../../../base/sha256.ts";
import { maxEngineHeaderBytes } from "../../../domain/engines/limits.ts";
import { checkCore } from "./check-core.ts";
import { packEngine, unpackEngine } from "./engine-file.ts";
import { protocolVersion } from "../protocol-version.ts";

describe("an engine file", () => {
  test("an engine file has what was packed, under a digest of its content", async () => {
    const core = await tinyCore();
    const { bytes, digest } = await tinyEngine({ core });
    const engine = await unpackEngine(bytes);
    expect(engine).toMatchObject({ digest, language: "python", protocolVersion });
    expect(engine.metadata).toMatchObject({
      languageVersion: "3.0.1",
      modules: ["asyncio", "json"],
      initialPages: 1,
    });
    expect(Buffer.compare(engine.core, core)).toBe(0);
    const again = await tinyEngine({ core, modules: ["asyncio", "json"] });
    expect(again.digest).toBe(digest);
    expect(Buffer.compare(again.bytes, bytes)).toBe(0);
    expect((await tinyEngine({ languageVersion: "3.0.2" })).digest).not.toBe(digest);
    await checkCore(engine.core);
  });

  test("a damaged engine file is refused with what is wrong", async () => {
    const { bytes, digest } = await tinyEngine();
    const headerEnd = 24 + Buffer.from(bytes).readUInt32LE(20);
    const changed = (offset: number, byte: number): Uint8Array => {
      const copy = Uint8Array.from(bytes);
      copy[offset] = byte;
      return copy;
    };
    const cases: readonly (readonly [Uint8Array, string])[] = [
      [new Uint8Array(), "does not begin with `duranium-engine`"],
      [Buffer.from("\0asm"), "does not begin with `duranium-engine`"],
      [changed(16, 9), "has version 9 of the format"],
      [changed(22, 0xff), `the limit is ${maxEngineHeaderBytes}`],
      [bytes.slice(0, 100), "it is truncated"],
      [bytes.slice(0, headerEnd + 100), "truncated or damaged"],
      [changed(24, 0x20), "not JSON"],
      [changed(bytes.length - 20, 0x55), ""],
      [withHeader(bytes, (text) => text.replace("3.0.1", "3.0.2")), `does not have the digest ${digest}`],
      [withHeader(bytes, (text) => text.replace('"python"', '"cobol"')), "lack a member"],
      [withHeader(bytes, (text) => text.replace(/"files":\{.*?\}/, '"files":null')), "lack a member"],
      [withHeader(bytes, (text) => text.replace(/"toolchain":\{.*?\}/, '"toolchain":null')), "lack a member"],
    ];
    for (const [damaged, reason] of cases) {
      await expect(unpackEngine(damaged)).rejects.toMatchObject({
        code: "invalid-engine",
        message: expect.stringContaining(reason) as unknown,
      });
    }
  });

  test("an engine of an unknown protocol is refused with the supported ones", async () => {
    const { bytes } = await tinyEngine({ protocolVersion: 99 });
    await expect(unpackEngine(bytes)).rejects.toMatchObject({
      code: "invalid-engine",
      message: expect.stringMatching(/protocol version 99.*supports 1/) as unknown,
    });
  });

  test.each([
    [
      "another function of the host",
      (wat: string) => wat.replace('"complete" (func', '"open" (func'),
      "imports duranium:runtime/host@0.1.0.open",
    ],
    [
      "another type of a function",
      (wat: string) =>
        wat
          .replace("$complete (param i32 i32)", "$complete (param i32 i64)")
          .replace("(global.get $length)))))", "(i64.const 1)))))"),
      "imports complete as (i32, i64)",
    ],
    [
      "settle with other parameters",
      (wat: string) => wat.replace('"settle") (param i32 f64 i32', '"settle") (param i32 f64 i64'),
      "exports settle as",
    ],
  ])("a module with %s is refused", async (_, edit, reason) => {
    await expect(tinyCore(edit).then(async (core) => await tinyEngine({ core }))).rejects.toMatchObject({
      code: "invalid-engine",
      message: expect.stringContaining(reason) as unknown,
    });
  });

  test("a module that was not metered is refused", async () => {
    const { parse } = await import("@bytecodealliance/jco");
    const plain = await parse('(module (memory (export "memory") 1))');
    const content = { language: "python", languageVersion: "3", core: plain, toolchain: {} } as const;
    await expect(packEngine(content)).rejects.toMatchObject({ code: "invalid-engine" });
  });

  test("a module with invalid code is refused, which its structure does not show", async () => {
    const core = await tinyCore();
    // `i32.and` becomes `f32.add`.
    const at = core.findLastIndex((byte, index) => byte === 0x71 && core[index - 1] === 0x70);
    core[at] = 0x92;
    const { bytes } = await tinyEngine({ core });
    const engine = await unpackEngine(bytes);
    expect(digestOf(engine.core)).toBe(digestOf(core));
    await expect(checkCore(engine.core)).rejects.toMatchObject({
      code: "invalid-engine",
      message: expect.stringContaining("Compiling function") as unknown,
    });
  });
});

function withHeader(bytes: Uint8Array, edit: (text: string) => string): Uint8Array {
  const end = 24 + Buffer.from(bytes).readUInt32LE(20);
  const header = Buffer.from(edit(Buffer.from(bytes.subarray(24, end)).toString()));
  const prefix = Buffer.from(bytes.subarray(0, 24));
  prefix.writeUInt32LE(header.length, 20);
  return Buffer.concat([prefix, header, bytes.subarray(end)]);
}
