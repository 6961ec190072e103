import { randomUUID } from "node:crypto";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DuraniumError } from "../../domain/errors.ts";
import type { Digest } from "../../domain/ids.ts";
import { createEngineStore } from "./engine-store.ts";
import type { EngineStore, EngineStoreOptions } from "./engine-store.ts";
import { readEngine } from "./engine.ts";
import type { Engine } from "./engine.ts";

/**
 * The engines that come with a release, and those of older ones.
 *
 * @param options `directory`: where those of the release are; `archiveDir`: where all are kept, which may be the same place
 */
export function openEngines({
  archiveDir,
  ...options
}: EngineStoreOptions & { readonly archiveDir: string }): EngineStore {
  const engines = createEngineStore(options);
  return options.directory === archiveDir ? engines : archiveEngines(engines, archiveDir);
}

/**
 * Engines of a place that comes and goes with a release, such as a container image, and what this
 * installation keeps of them: every engine that was ever its current one. A version needs the engine that it
 * was deployed with, after an upgrade too.
 *
 * @param directory where they are kept: one folder for each digest, complete or not there
 */
export function archiveEngines(engines: EngineStore, directory: string): EngineStore {
  let current: Promise<Engine> | undefined;
  return {
    current() {
      current ??= keepCurrent(engines, directory);
      current.catch(() => (current = undefined));
      return current;
    },
    get: (digest) => findArchived(engines, directory, digest),
  };
}

async function keepCurrent(engines: EngineStore, directory: string): Promise<Engine> {
  const engine = await engines.current();
  const folder = join(directory, engine.digest);
  if (await isIntact(folder, engine.digest)) return engine;
  await discard(folder);
  await copyWhole(dirname(engine.jcoDirectory), folder);
  return engine;
}

/** A damaged one is as good as none: there is an intact one to take its place. */
async function isIntact(folder: string, digest: Digest): Promise<boolean> {
  return (await readEngine(folder, digest).catch(() => undefined)) !== undefined;
}

/** Out of the way first, at once: processes that share the directory may do the same, and one that is removed cannot be replaced. */
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

/** Under another name first: processes that share the directory never see half of it. */
async function copyWhole(from: string, to: string): Promise<void> {
  const copy = `${to}.copy-${randomUUID()}`;
  await mkdir(dirname(to), { recursive: true });
  await cp(from, copy, { recursive: true, dereference: true });
  try {
    await rename(copy, to);
  } catch {
    // Another process was as fast.
    await rm(copy, { recursive: true, force: true });
  }
}

/** The release's own place first: the engine that is current is there, and in memory already. */
async function findArchived(engines: EngineStore, directory: string, digest: Digest): Promise<Engine> {
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
    `The engine ${digest} is not in "${directory}" and does not come with this release: copy it there from where the version was deployed, or deploy the workflow again`,
  );
}
