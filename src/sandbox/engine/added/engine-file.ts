import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import { isDigest } from "../../../base/digest.ts";
import type { Digest } from "../../../base/digest.ts";
import { digestOf } from "../../../base/sha256.ts";
import { isLanguage } from "../../../domain/engines/language.ts";
import type { Language } from "../../../domain/engines/language.ts";
import { maxEngineBytes, maxEngineHeaderBytes } from "../../../domain/engines/limits.ts";
import { DuraniumError, messageOf } from "../../../domain/errors.ts";
import { WasmFormatError } from "../../wasm/binary.ts";
import { outputNames } from "../build-job.ts";
import { describeCore } from "../engine.ts";
import type { Engine, EngineMetadata } from "../engine.ts";
import { assertEngineCore } from "./host-interface.ts";
import { assertSupportedProtocol, protocolVersion as ownProtocol } from "../protocol-version.ts";

/**
 * Engine files: `python.engine`, what `npx duranium engines export` writes and `import` reads.
 *
 * | bytes | content                                                       |
 * | ----- | ------------------------------------------------------------- |
 * | 16    | `duranium-engine` and a line break                            |
 * | 4     | the version of this format, little-endian                     |
 * | 4     | the length of the metadata, little-endian                     |
 * | …     | the metadata: canonical JSON of an `EngineMetadata`           |
 * | …     | the core module, one frame of zstd                            |
 *
 * The digest of an engine is the SHA-256 of its metadata without the digest. These have the SHA-256 of the module, so
 * the digest names everything in the file but its compression.
 */

const magic = new TextEncoder().encode("duranium-engine\n");
const formatVersion = 1;
const headerStart = magic.length + 8;

/** The compression is not part of the digest. A higher level takes many times as long for a few percent. */
const zstdLevel = 12;

/** A finished engine, before it has a digest. */
export interface EngineContent {
  readonly language: Language;
  readonly languageVersion: string;
  /** Defaults to the version that this release supports. */
  readonly protocolVersion?: number;
  /** The finished core module: started, metered, with tracked writes. */
  readonly core: Uint8Array;
  /** Versions of what built it. */
  readonly toolchain: Readonly<Record<string, string>>;
  /** The modules of the standard library. */
  readonly modules?: readonly string[];
}

export interface EngineFile {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}

/**
 * Writes an engine file. The same content always gives the same digest, and the same bytes with the same release of
 * zstd.
 *
 * @throws {DuraniumError} `invalid-engine` if the module is none that instances are created from
 */
export async function packEngine(content: EngineContent): Promise<EngineFile> {
  const { core, language, languageVersion, modules, protocolVersion = ownProtocol, toolchain } = content;
  const described = {
    language,
    languageVersion,
    protocolVersion,
    files: { [outputNames.core]: digestOf(core) },
    ...checked(() => (assertEngineCore(core), describeCore(core))),
    toolchain,
    ...(modules === undefined ? {} : { modules: modules.toSorted() }),
  };
  const digest = digestOfMetadata(described);
  const header = Buffer.from(canonicalJson({ digest, ...described }));
  const prefix = Buffer.alloc(headerStart);
  prefix.set(magic);
  prefix.writeUInt32LE(formatVersion, magic.length);
  prefix.writeUInt32LE(header.length, magic.length + 4);
  return { digest, bytes: Buffer.concat([prefix, header, await compress(core)]) };
}

/**
 * Reads an engine file, which may be anything. The module's code is not validated here (`check-core.ts`).
 *
 * @throws {DuraniumError} `invalid-engine`, with what is wrong
 */
export async function unpackEngine(bytes: Uint8Array): Promise<Engine> {
  const { metadata, frame } = readHeader(bytes);
  // Checked first: a module of another protocol may import functions that this host does not know.
  checked(() => assertSupportedProtocol(metadata.protocolVersion));
  const core = await decompress(frame);
  if (digestOf(core) !== metadata.files[outputNames.core])
    throw invalid("the digest of its module is not the one in its metadata. Copy the file again");
  checked(() => assertEngineCore(core));
  const { digest, language = "javascript", protocolVersion } = metadata;
  return { digest, language, protocolVersion, core, metadata };
}

/**
 * The digest of the engine in a file, whose module is not read.
 *
 * @throws {DuraniumError} `invalid-engine`
 */
export function engineDigestOf(bytes: Uint8Array): Digest {
  return readHeader(bytes).metadata.digest;
}

function readHeader(bytes: Uint8Array): { readonly metadata: EngineMetadata; readonly frame: Uint8Array } {
  if (bytes.length < headerStart || !magic.every((byte, index) => bytes[index] === byte))
    throw invalid(
      "it does not begin with `duranium-engine`. Export an engine with `npx duranium engines export`",
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getUint32(magic.length, true);
  if (version !== formatVersion)
    throw invalid(`it has version ${version} of the format, and this release reads version ${formatVersion}`);
  const length = view.getUint32(magic.length + 4, true);
  if (length > maxEngineHeaderBytes)
    throw invalid(`its metadata have ${length} bytes, and the limit is ${maxEngineHeaderBytes}`);
  const end = headerStart + length;
  if (end > bytes.length) throw invalid("it is truncated");
  return { metadata: parseMetadata(bytes.subarray(headerStart, end)), frame: bytes.subarray(end) };
}

function parseMetadata(header: Uint8Array): EngineMetadata {
  let metadata: unknown;
  try {
    metadata = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(header));
  } catch (error) {
    throw invalid(`its metadata are not JSON: ${messageOf(error)}`, error);
  }
  if (!isMetadata(metadata)) throw invalid("its metadata lack a member or have one of another type");
  const { digest, ...described } = metadata;
  if (digestOfMetadata(described) !== digest)
    throw invalid(`its content does not have the digest ${digest}. Copy the file again`);
  return metadata;
}

function isMetadata(value: unknown): value is EngineMetadata {
  if (!isObject(value)) return false;
  const { digest, language, languageVersion, protocolVersion, files, toolchain } =
    value as Partial<EngineMetadata>;
  return (
    isDigest(digest) &&
    isLanguage(language) &&
    language !== "javascript" &&
    typeof languageVersion === "string" &&
    /^[\w.+-]{1,40}$/.test(languageVersion) &&
    Number.isInteger(protocolVersion) &&
    isObject(files) &&
    Object.keys(files).join() === outputNames.core &&
    isObject(toolchain)
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function digestOfMetadata(described: Omit<EngineMetadata, "digest">): Digest {
  return digestOf(canonicalJson(described));
}

/** JSON with the members of all objects in the order of their names. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

async function compress(core: Uint8Array): Promise<Uint8Array> {
  return await promisify(zstdCompress)(core, {
    params: { [constants.ZSTD_c_compressionLevel]: zstdLevel, [constants.ZSTD_c_contentSizeFlag]: 1 },
  });
}

async function decompress(frame: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await promisify(zstdDecompress)(frame, { maxOutputLength: maxEngineBytes });
  } catch (error) {
    const isTooLong = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    throw isTooLong
      ? invalid(`its module has more than ${maxEngineBytes} bytes`, error)
      : invalid(`its module cannot be decompressed (${messageOf(error)}): it is truncated or damaged`, error);
  }
}

function checked<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof WasmFormatError || error instanceof DuraniumError)
      throw invalid(error.message, error);
    throw error;
  }
}

function invalid(reason: string, cause?: unknown): DuraniumError {
  return new DuraniumError("invalid-engine", `Cannot read the engine file: ${reason}`, { cause });
}
