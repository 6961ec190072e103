import { promisify } from "node:util";
import { constants, zstdCompressSync, zstdDecompress, zstdDecompressSync } from "node:zlib";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import { memoryCeilingPages } from "../../domain/limits.ts";
import { differingPages, imagePageBytes, nextImageId, pageAt, wordsOf } from "./engine-state.ts";
import type { EngineState, GlobalValues, Image, PristineEngine } from "./engine-state.ts";

/**
 * The stored form of an image: what an evaluated workflow differs in from its engine.
 *
 * It owns the format and its validation. It does not know where images are stored (`ImageSource` of the pool) nor how they
 * are put into instances (`memory-restore.ts`).
 *
 * Invariants:
 *
 * 1. The same state always encodes to the same bytes, because the digest of an image is part of a version.
 * 2. Stored bytes are untrusted: a decoded image fits its engine, or decoding fails with `artifact-corrupt`.
 *
 * The format, little endian:
 *
 * | bytes | what |
 * |---|---|
 * | 8 | `DURANIMG` |
 * | 2 | version of this format, 1 |
 * | 2 | version of the protocol that the guest speaks with its host |
 * | 32 | digest of the engine |
 * | 4 | length of the linear memory, in pages of 64 KiB |
 * | 4 | count of mutable globals |
 * | 4 | count of pages of 4 KiB that differ |
 * | rest | one zstd frame with a checksum |
 *
 * The frame holds each global (a byte that is 1 for i64 and 0 otherwise, then eight bytes, an i64 or f64), then the
 * numbers of the differing pages, ascending, four bytes each, then those pages, XORed with the engine's. Bytes that did
 * not change inside a page become zeros, which compress better.
 */
export interface SharedImage extends Image {
  /** Shared: threads get no copies. */
  readonly pageOffsets: Uint32Array<SharedArrayBuffer>;
  readonly pages: Uint8Array<SharedArrayBuffer>;
}

/** The image of `state`, and how many of its pages differ from the engine's. */
export function encodeImage(
  engine: PristineEngine,
  state: EngineState,
  protocolVersion: number,
): { readonly bytes: Uint8Array; readonly pageCount: number } {
  const pageNumbers = differingPages(engine.memory, state.memory);
  const pages = pageNumbers.map((page) => xored(pageAt(state.memory, page), pageAt(engine.memory, page)));
  const header = writeHeader({
    protocolVersion,
    engineDigest: engine.digest,
    memoryPages: state.memory.length / wasmPageBytes,
    globalCount: state.globals.length,
    pageCount: pageNumbers.length,
  });
  const body = Buffer.concat([...state.globals.map(writeGlobal), ...pageNumbers.map(writeUint32), ...pages]);
  return { bytes: Buffer.concat([header, compress(body)]), pageCount: pages.length };
}

/**
 * @param bytes untrusted: they are validated for consistency and against the engine
 * @throws {DuraniumError} `artifact-corrupt`
 */
export async function decodeImage(bytes: Uint8Array, engine: PristineEngine): Promise<SharedImage> {
  try {
    return await decode(bytes, engine);
  } catch (error) {
    throw new DuraniumError("artifact-corrupt", `Cannot read a memory image: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

interface Header {
  readonly protocolVersion: number;
  readonly engineDigest: string;
  readonly memoryPages: number;
  readonly globalCount: number;
  readonly pageCount: number;
}

const magic = "DURANIMG";
const formatVersion = 1;
const headerBytes = 56;
const wasmPageBytes = 65_536;
const globalBytes = 9;
/** The smallest chunk size that zlib accepts. */
const minChunkBytes = 64;
const decompress = promisify(zstdDecompress);
/**
 * Up to this size an image is decompressed on the calling thread, because handing it to another one takes
 * longer.
 */
const maxChunkBytes = 1_048_576;

function xored(page: Uint8Array, other: Uint8Array): Uint8Array {
  // Copied, because words must be aligned.
  const words = new Uint32Array(new Uint8Array(page).buffer);
  const otherWords = new Uint32Array(new Uint8Array(other).buffer);
  for (let at = 0; at < words.length; at++) words[at] = (words[at] ?? 0) ^ (otherWords[at] ?? 0);
  return new Uint8Array(words.buffer);
}

function writeHeader(header: Header): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.write(magic, 0, "latin1");
  bytes.writeUInt16LE(formatVersion, 8);
  bytes.writeUInt16LE(header.protocolVersion, 10);
  bytes.write(header.engineDigest, 12, "hex");
  bytes.writeUInt32LE(header.memoryPages, 44);
  bytes.writeUInt32LE(header.globalCount, 48);
  bytes.writeUInt32LE(header.pageCount, 52);
  return bytes;
}

function writeGlobal(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(globalBytes);
  if (typeof value === "bigint") {
    bytes.writeUInt8(1, 0);
    bytes.writeBigInt64LE(value, 1);
  } else {
    bytes.writeDoubleLE(value, 1);
  }
  return bytes;
}

function writeUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Level 9: higher levels take several times as long and save only a few per cent. */
function compress(body: Buffer): Buffer {
  const { ZSTD_c_checksumFlag, ZSTD_c_compressionLevel } = constants;
  return zstdCompressSync(body, { params: { [ZSTD_c_compressionLevel]: 9, [ZSTD_c_checksumFlag]: 1 } });
}

async function decode(bytes: Uint8Array, engine: PristineEngine): Promise<SharedImage> {
  const header = readHeader(bytes, engine);
  const body = await decompressTo(bodyBytes(header), bytes.subarray(headerBytes));
  const pageNumbers = readPageNumbers(body, header);
  const pages = body.subarray(body.length - header.pageCount * imagePageBytes);
  return {
    id: nextImageId(),
    protocolVersion: header.protocolVersion,
    memoryBytes: header.memoryPages * wasmPageBytes,
    globals: readGlobals(body, engine.globals),
    ...sharedPages(pageNumbers, pages, engine.memory),
  };
}

function readHeader(bytes: Uint8Array, engine: PristineEngine): Header {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  require(view.length > headerBytes && view.toString("latin1", 0, 8) === magic, "it is no image");
  require(view.readUInt16LE(8) === formatVersion, "its format is not known");
  const header: Header = {
    protocolVersion: view.readUInt16LE(10),
    engineDigest: view.toString("hex", 12, 44),
    memoryPages: view.readUInt32LE(44),
    globalCount: view.readUInt32LE(48),
    pageCount: view.readUInt32LE(52),
  };
  const { memoryPages } = header;
  require(header.engineDigest === engine.digest, `it was made by the engine ${header.engineDigest}`);
  require(memoryPages * wasmPageBytes >= engine.memory.length, "its memory is smaller than the engine's");
  require(memoryPages <= memoryCeilingPages, "its memory is larger than an instance can be");
  require(header.globalCount === engine.globals.length, "it has other globals than the engine");
  require(header.pageCount <= (memoryPages * wasmPageBytes) / imagePageBytes, "it has too many pages");
  return header;
}

function bodyBytes({ globalCount, pageCount }: Header): number {
  return globalCount * globalBytes + pageCount * (4 + imagePageBytes);
}

async function decompressTo(length: number, frame: Uint8Array): Promise<Buffer> {
  // Decompresses in one chunk: zlib's default chunks are much slower.
  const options = { maxOutputLength: length, chunkSize: Math.max(minChunkBytes, length) };
  const isQuick = length <= maxChunkBytes;
  const body = isQuick ? zstdDecompressSync(frame, options) : await decompress(frame, options);
  require(body.length === length, `its content is not ${length} bytes long`);
  return body;
}

function readGlobals(body: Buffer, pristine: GlobalValues): GlobalValues {
  return pristine.map((engineValue, index) => {
    const value = readGlobal(body, index * globalBytes);
    require(typeof value === typeof engineValue, `its global ${index} is of another type than the engine's`);
    return value;
  });
}

function readGlobal(body: Buffer, at: number): number | bigint {
  return body.readUInt8(at) === 1 ? body.readBigInt64LE(at + 1) : body.readDoubleLE(at + 1);
}

function readPageNumbers(body: Buffer, { globalCount, pageCount, memoryPages }: Header): readonly number[] {
  const start = globalCount * globalBytes;
  const numbers = Array.from({ length: pageCount }, (_, index) => body.readUInt32LE(start + index * 4));
  const ascending = numbers.every((page, index) => index === 0 || page > (numbers[index - 1] ?? 0));
  const end = (memoryPages * wasmPageBytes) / imagePageBytes;
  require(ascending && numbers.every((page) => page < end), "its pages are not in its memory");
  return numbers;
}

function sharedPages(
  pageNumbers: readonly number[],
  stored: Uint8Array,
  memory: Uint8Array,
): Pick<SharedImage, "pageOffsets" | "pages"> {
  const pageOffsets = new Uint32Array(new SharedArrayBuffer(pageNumbers.length * 4));
  const pages = new Uint8Array(new SharedArrayBuffer(stored.length));
  pages.set(stored);
  const words = new Uint32Array(pages.buffer);
  const engineWords = wordsOf(memory);
  for (const [index, page] of pageNumbers.entries()) {
    pageOffsets[index] = page * imagePageBytes;
    xorPage({ words, at: index * pageWords }, { words: engineWords, at: page * pageWords });
  }
  return { pageOffsets, pages };
}

const pageWords = imagePageBytes / 4;

interface Place {
  readonly words: Uint32Array;
  readonly at: number;
}

/** Beyond the end of the other page are zeros, which do not change the result. */
function xorPage(page: Place, other: Place): void {
  const length = Math.min(pageWords, Math.max(0, other.words.length - other.at));
  for (let index = 0; index < length; index++) {
    page.words[page.at + index] = (page.words[page.at + index] ?? 0) ^ (other.words[other.at + index] ?? 0);
  }
}

function require(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}
