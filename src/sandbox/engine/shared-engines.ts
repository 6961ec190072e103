import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Digest } from "../../base/digest.ts";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import type { EngineStore } from "./engine-store.ts";
import { metadataName, readEngine } from "./engine.ts";
import type { BuiltEngine } from "./engine.ts";

/** Where all machines of an installation find engines. The files of an engine, by their path in its folder. */
export interface EngineArchive {
  has(digest: Digest): Promise<boolean>;
  /** Undefined if it does not have the engine. */
  read(digest: Digest): Promise<ReadonlyMap<string, Uint8Array> | undefined>;
  /** @param files those that the last one, the metadata, refers to come before it, and are stored first */
  write(digest: Digest, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

export interface SharedEnginesOptions {
  readonly archive: EngineArchive;
  /** Where engines of other machines are stored: one folder for each digest, complete or absent. */
  readonly directory: string;
  readonly onProgress: (message: string) => void;
}

/**
 * Shares the engines of a release with other machines, which may run other releases: a version needs the engine that it was
 * deployed with on every executor.
 *
 * An archive that is unavailable prevents no use of the engines that are here. Then the engine is stored at the next deploy, which
 * needs the same storage for its artifacts.
 */
export function shareEngines(engines: EngineStore, options: SharedEnginesOptions): EngineStore {
  const { archive, onProgress } = options;
  let stored: Promise<void> | undefined;
  const share = (engine: BuiltEngine): void => {
    if (stored !== undefined) return;
    stored = storeEngine(archive, engine);
    stored.catch((error: unknown) => {
      stored = undefined;
      onProgress(`Cannot share the JavaScript engine: ${messageOf(error)}`);
    });
  };
  return {
    async current() {
      const engine = await engines.current();
      share(engine);
      return engine;
    },
    async get(digest) {
      try {
        return await engines.get(digest);
      } catch (error) {
        if (!(error instanceof DuraniumError) || error.code !== "engine-unavailable") throw error;
        return (await fetchEngine(digest, options)) ?? Promise.reject(error);
      }
    },
  };
}

async function storeEngine(
  archive: EngineArchive,
  { digest, jcoDirectory, metadata }: BuiltEngine,
): Promise<void> {
  if (await archive.has(digest)) return;
  const folder = dirname(jcoDirectory);
  const files = new Map<string, Uint8Array>();
  for (const path of [...Object.keys(metadata.files), metadataName])
    files.set(path, await readFile(join(folder, path)));
  await archive.write(digest, files);
}

/** Another process may fetch the same engine, so each writes its own copy and renames it. */
async function fetchEngine(
  digest: Digest,
  { archive, directory, onProgress }: SharedEnginesOptions,
): Promise<BuiltEngine | undefined> {
  const files = await archive.read(digest);
  if (files === undefined) return undefined;
  const folder = join(directory, digest);
  const copy = `${folder}.copy-${randomUUID()}`;
  try {
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(copy, path)), { recursive: true });
      await writeFile(join(copy, path), bytes);
    }
    // A damaged engine must not take the place of one that another process may store.
    const engine = await readEngine(copy, digest);
    await rename(copy, folder).catch(() => undefined);
    onProgress(`Engine ${digest} of another release was stored in "${folder}"`);
    return (await readEngine(folder, digest)) ?? engine;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
