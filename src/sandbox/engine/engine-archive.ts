import { randomUUID } from "node:crypto";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Digest } from "../../base/digest.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { createEngineStore } from "./engine-store.ts";
import type { EngineStore, EngineStoreOptions } from "./engine-store.ts";
import { readEngine } from "./engine.ts";
import type { BuiltEngine } from "./engine.ts";

/**
 * Opens the engines of this release and those archived from earlier ones.
 *
 * @param options `directory` holds the release's engines, `archiveDir` the archive; both may be the same
 *   folder
 */
export function openEngines({
  archiveDir,
  ...options
}: EngineStoreOptions & { readonly archiveDir: string }): EngineStore {
  const engines = createEngineStore(options);
  return options.directory === archiveDir ? engines : archiveEngines(engines, archiveDir);
}

/**
 * Archives every engine that was ever the current one of this installation, from a place that is replaced
 * with each release, such as a container image. A version needs the engine that it was deployed with, also
 * after an upgrade.
 *
 * @param directory the archive: one folder for each digest, complete or absent
 */
export function archiveEngines(engines: EngineStore, directory: string): EngineStore {
  let current: Promise<BuiltEngine> | undefined;
  return {
    current() {
      current ??= keepCurrent(engines, directory);
      current.catch(() => (current = undefined));
      return current;
    },
    get: (digest) => findArchived(engines, directory, digest),
  };
}

async function keepCurrent(engines: EngineStore, directory: string): Promise<BuiltEngine> {
  const engine = await engines.current();
  const folder = join(directory, engine.digest);
  if (await isIntact(folder, engine.digest)) return engine;
  await discard(folder);
  await copyWhole(dirname(engine.jcoDirectory), folder);
  return engine;
}

/** A damaged copy counts as missing, because an intact one is available to replace it. */
async function isIntact(folder: string, digest: Digest): Promise<boolean> {
  return (await readEngine(folder, digest).catch(() => undefined)) !== undefined;
}

/**
 * Renamed first: other processes may do the same concurrently, and a folder that is being removed cannot be
 * replaced.
 */
async function discard(folder: string): Promise<void> {
  const away = `${folder}.damaged-${randomUUID()}`;
  try {
    await rename(folder, away);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  await rm(away, { recursive: true, force: true });
}

/**
 * Copied under another name first, so that processes that share the directory never see an incomplete engine.
 */
async function copyWhole(from: string, to: string): Promise<void> {
  const copy = `${to}.copy-${randomUUID()}`;
  await mkdir(dirname(to), { recursive: true });
  await cp(from, copy, { recursive: true, dereference: true });
  try {
    await rename(copy, to);
  } catch {
    // Another process published the same engine first.
    await rm(copy, { recursive: true, force: true });
  }
}

/** Looks in the release first: the current engine is there and already in memory. */
async function findArchived(engines: EngineStore, directory: string, digest: Digest): Promise<BuiltEngine> {
  try {
    return await engines.get(digest);
  } catch (error) {
    if (!(error instanceof DuraniumError) || error.code !== "engine-unavailable") throw error;
    const kept = await readEngine(join(directory, digest), digest);
    if (kept === undefined) throw notArchived(digest, directory);
    return kept;
  }
}

function notArchived(digest: Digest, directory: string): DuraniumError {
  return new DuraniumError(
    "engine-unavailable",
    `Engine ${digest} is not available in "${directory}", and this release does not include it. Copy it there from the installation where the version was deployed, or deploy the workflow again`,
  );
}
