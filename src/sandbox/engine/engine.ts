import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "../../base/digest.ts";
import { digestOf } from "../../base/sha256.ts";
import type { Language } from "../../domain/engines/language.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { readExports, readMemories, readModule } from "../wasm/module.ts";
import { outputNames } from "./build-job.ts";
import { toolchainVersions } from "./engine-inputs.ts";
import { protocolVersion } from "./protocol-version.ts";

/** An engine: the interpreter of a language with Duranium's guest runtime in it, ready to be instantiated. */
export interface Engine {
  readonly digest: Digest;
  readonly language: Language;
  /** The version of the protocol between the engine and its host. */
  readonly protocolVersion: number;
  /** The core module. It imports only the functions of the host interface. */
  readonly core: Uint8Array<ArrayBuffer>;
  readonly metadata: EngineMetadata;
}

/** An engine that was built from this source, or from that of an earlier release: JavaScript's. */
export interface BuiltEngine extends Engine {
  /** The folder of jco's glue: `engine.js`, `engine.core2.wasm`, `engine.core3.wasm`. */
  readonly jcoDirectory: string;
}

/** The metadata of an engine: `metadata.json` in its folder, or the header of an engine file. */
export interface EngineMetadata {
  readonly digest: Digest;
  /** JavaScript if absent. */
  readonly language?: Language;
  /** The version of the language: `3.13.5`. */
  readonly languageVersion?: string;
  readonly protocolVersion: number;
  /** SHA-256 of each file, by its path in the engine's folder. */
  readonly files: Readonly<Record<string, Digest>>;
  /** The initial memory of an instance, in pages of 64 KiB. */
  readonly initialPages: number;
  /** Names of the exported globals: all mutable ones, the meter's last. */
  readonly mutableGlobals: readonly string[];
  /** Versions of the packages that built it. */
  readonly toolchain: Readonly<Record<string, string>>;
  /** The modules of the language's standard library that workflows can import. */
  readonly modules?: readonly string[];
}

/** The name of the metadata in the folder of an engine. */
export const metadataName = "metadata.json";

/** Writes the metadata of a newly built engine into its folder. */
export async function sealEngine(folder: string, digest: Digest): Promise<void> {
  const core = await readFile(join(folder, outputNames.core));
  const metadata: EngineMetadata = {
    digest,
    protocolVersion,
    files: await digestFiles(folder),
    ...describeCore(core),
    toolchain: await toolchainVersions(),
  };
  await writeFile(join(folder, metadataName), `${JSON.stringify(metadata, null, 2)}\n`);
}

/**
 * Reads the engine in a folder; `undefined` if there is none.
 *
 * @throws {DuraniumError} `artifact-corrupt` if a file differs from its digest
 */
export async function readEngine(folder: string, digest: Digest): Promise<BuiltEngine | undefined> {
  const text = await readIfThere(join(folder, metadataName));
  if (text === undefined) return undefined;
  const metadata = parseMetadata(text, digest);
  const { [outputNames.core]: _, ...others } = metadata.files;
  for (const name of Object.keys(others)) await readIntact(folder, name, metadata);
  return {
    digest,
    language: metadata.language ?? "javascript",
    protocolVersion: metadata.protocolVersion,
    core: await readIntact(folder, outputNames.core, metadata),
    jcoDirectory: join(folder, outputNames.jco),
    metadata,
  };
}

async function digestFiles(folder: string): Promise<Record<string, Digest>> {
  const glue = await readdir(join(folder, outputNames.jco));
  const names = [outputNames.core, ...glue.toSorted().map((name) => `${outputNames.jco}/${name}`)];
  const digests = names.map(async (name) => [name, digestOf(await readFile(join(folder, name)))] as const);
  return Object.fromEntries(await Promise.all(digests));
}

export function describeCore(core: Uint8Array): Pick<EngineMetadata, "initialPages" | "mutableGlobals"> {
  const module = readModule(core);
  const names = readExports(module).flatMap(({ kind, name }) => (kind === "global" ? [name] : []));
  return { initialPages: readMemories(module)[0]?.minimum ?? 0, mutableGlobals: names };
}

async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parseMetadata(text: Uint8Array, digest: Digest): EngineMetadata {
  try {
    const metadata = JSON.parse(new TextDecoder().decode(text)) as EngineMetadata;
    if (metadata.digest === digest && outputNames.core in metadata.files) return metadata;
  } catch (error) {
    throw corrupt(digest, metadataName, error);
  }
  throw corrupt(digest, metadataName);
}

async function readIntact(
  folder: string,
  name: string,
  { digest, files }: EngineMetadata,
): Promise<Uint8Array<ArrayBuffer>> {
  const content = await readIfThere(join(folder, name));
  if (content !== undefined && digestOf(content) === files[name]) return content;
  throw corrupt(digest, name);
}

function corrupt(digest: Digest, name: string, cause?: unknown): DuraniumError {
  return new DuraniumError("artifact-corrupt", `File ${name} of engine ${digest} is damaged`, {
    cause,
  });
}
