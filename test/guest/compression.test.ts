import {
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  gunzipSync,
  inflateRawSync,
  inflateSync,
} from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { createGuestRunner } from "./guest-runner.ts";

let play: Awaited<ReturnType<typeof createGuestRunner>>;
beforeAll(async () => {
  play = await createGuestRunner();
});

const formats = ["gzip", "deflate", "deflate-raw"] as const;
const compress = { gzip: gzipSync, deflate: deflateSync, "deflate-raw": deflateRawSync };
const decompress = { gzip: gunzipSync, deflate: inflateSync, "deflate-raw": inflateRawSync };

/** In the sandbox: the result of each list of chunks, as text of its bytes, or the name of the error. */
const program = `
  const pipe = async (chunks, stream) => {
    const source = new ReadableStream({ start(controller) { for (const chunk of chunks) controller.enqueue(chunk); controller.close(); } });
    try { return (await new Response(source.pipeThrough(stream)).bytes()).toHex(); } catch (error) { return error.constructor.name; }
  };
  const bytesOf = (chunks) => chunks.map((hex) => Uint8Array.fromHex(hex));
export async function run(ctx, { format, inputs }) {
    const results = [];
    for (const chunks of inputs) results.push(await pipe(bytesOf(chunks), new DecompressionStream(format)));
    return results;
  }`;

/** What Node's own streams make of the same, which is what a workflow's author compares with. */
async function inNode(format: (typeof formats)[number], chunks: readonly Buffer[]): Promise<string> {
  const pieces = chunks.map((chunk) => new Uint8Array(chunk));
  const stream = new Blob(pieces).stream().pipeThrough(new DecompressionStream(format));
  try {
    return Buffer.from(await new Response(stream).arrayBuffer()).toString("hex");
  } catch (error) {
    return (error as Error).constructor.name;
  }
}

const text = Buffer.from("to be, or not to be: that is the question\n".repeat(6));

describe.each(formats)("decompressing %s", (format) => {
  const whole = compress[format](text);
  const cases: Record<string, readonly (readonly Buffer[])[]> = {
    "that is whole, in one piece and split at each byte": [
      [whole],
      ...Array.from(whole, (_, at) => [whole.subarray(0, at), whole.subarray(at)]),
    ],
    "truncated at each byte": Array.from(whole, (_, length) => [whole.subarray(0, length)]),
    "with bytes after its end": [
      [Buffer.concat([whole, Buffer.of(0)])],
      [whole, Buffer.of(1, 2, 3)],
      [Buffer.concat([whole, whole])],
      [whole, Buffer.alloc(70_000)],
    ],
    "that is empty": [
      [],
      [Buffer.alloc(0)],
      [compress[format]("")],
      [Buffer.alloc(0), whole, Buffer.alloc(0)],
    ],
    "with a changed byte": Array.from(whole, (byte, at) => {
      const changed = Buffer.from(whole);
      changed[at] = byte ^ 0x55;
      return [changed];
    }),
  };

  test.each(Object.entries(cases))(
    `decompressing ${format} data %s gives the same result as in Node`,
    async (_, inputs) => {
      const hex = inputs.map((chunks) => chunks.map((chunk) => chunk.toString("hex")));
      const { result } = play(program, { payload: { format, inputs: hex } });
      expect(result).toEqual(await Promise.all(inputs.map(async (chunks) => await inNode(format, chunks))));
    },
  );

  test(`decompressing ${format} data of compressors with other settings gives the original`, () => {
    const strategies = [
      constants.Z_FIXED,
      constants.Z_HUFFMAN_ONLY,
      constants.Z_RLE,
      constants.Z_DEFAULT_STRATEGY,
    ];
    const inputs = strategies.flatMap((strategy) =>
      [0, 1, 9].map((level) => [compress[format](text, { level, strategy }).toString("hex")]),
    );
    const { result } = play(program, { payload: { format, inputs } });
    expect(new Set(result as string[])).toEqual(new Set([text.toString("hex")]));
  });
});

test.each(formats)("data compressed as %s, up to 5 MB, is decompressed to the original", (format) => {
  const source = `
export async function run(ctx, { format, bytes }) {
      const input = new Uint8Array(bytes);
      for (let i = 0; i < bytes; i += 97) input[i] = i * i;
      const through = async (data, stream) => new Response(new Blob([data]).stream().pipeThrough(stream)).bytes();
      const packed = await through(input, new CompressionStream(format));
      const unpacked = await through(packed, new DecompressionStream(format));
      const broken = await through(packed.subarray(0, -1), new DecompressionStream(format)).catch((error) => error.name);
      let isSame = unpacked.length === bytes;
      for (let i = 0; i < bytes; i += 97) isSame &&= unpacked[i] === input[i];
      return [isSame, broken, packed.toBase64()];
    }`;
  for (const bytes of [0, 1, 70_000, 5_000_000]) {
    const { result, failure } = play(source, { payload: { format, bytes } });
    expect(failure).toBeUndefined();
    const [isSame, broken, packed] = result as [boolean, string, string];
    expect([isSame, broken]).toEqual([true, "TypeError"]);
    expect(decompress[format](Buffer.from(packed, "base64")).length).toBe(bytes);
  }
});
