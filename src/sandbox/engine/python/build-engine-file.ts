import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Digest } from "../../../base/digest.ts";
import { maxEngineFileBytes } from "../../../domain/engines/limits.ts";
import { packEngine } from "../added/engine-file.ts";
import { buildPythonCore } from "./build-python.ts";
import type { PythonBuildOptions } from "./build-python.ts";

/** A built Python engine. */
export interface BuiltPythonEngine {
  readonly digest: Digest;
  /** For example `3.13.5`. */
  readonly languageVersion: string;
  /** The content of the engine file. */
  readonly bytes: Uint8Array;
}

/**
 * Builds the Python engine of this source, which takes minutes the first time and seconds afterwards.
 *
 * @throws {Error} a sentence with what could not be done and what to do
 */
export async function buildPythonEngine(options: PythonBuildOptions = {}): Promise<BuiltPythonEngine> {
  const { core, languageVersion, toolchain, modules } = await buildPythonCore(options);
  const { digest, bytes } = await packEngine({
    language: "python",
    languageVersion,
    core,
    toolchain,
    modules,
  });
  if (bytes.length > maxEngineFileBytes)
    throw new Error(`The Python engine has ${bytes.length} bytes, and the limit is ${maxEngineFileBytes}`);
  return { digest, languageVersion, bytes };
}

/** Writes an engine file, which is there as a whole or not at all. */
export async function writeEngineFile(path: string, { bytes, digest }: BuiltPythonEngine): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${digest.slice(0, 8)}`;
  await writeFile(partial, bytes);
  await rename(partial, path);
}
