import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "../../base/digest.ts";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import { acquireBuildLock } from "./build-lock.ts";
import type { BuildLock } from "./build-lock.ts";
import { engineBuildTimeoutMs } from "./build-process.ts";
import { runBuild } from "./build-process.ts";
import { findCurrentEngine } from "./engine-digest.ts";
import type { CurrentEngine } from "./engine-digest.ts";
import type { EngineInputs } from "./engine-inputs.ts";
import { readEngine, sealEngine } from "./engine.ts";
import type { BuiltEngine } from "./engine.ts";
import { isToolchainInstalled } from "./toolchain.ts";

/**
 * The engines of this installation, in a folder with one subfolder `<digest>/` each, complete or absent.
 * Engines are never removed, because a version needs the one that it was deployed with.
 */
export interface EngineStore {
  /**
   * Returns the engine of this source, and builds it if it is missing, which takes seconds.
   *
   * @throws {DuraniumError} `engine-unavailable`
   */
  current(): Promise<BuiltEngine>;
  /** @throws {DuraniumError} `engine-unavailable`, `artifact-corrupt` */
  get(digest: Digest): Promise<BuiltEngine>;
}

export interface EngineStoreOptions {
  readonly directory: string;
  /** Called with a sentence when a build starts and ends. */
  readonly onProgress?: (message: string) => void;
}

/**
 * Processes may share the directory. The source is read once: a process keeps the engine that it started
 * with.
 */
export function createEngineStore({ directory, onProgress = () => {} }: EngineStoreOptions): EngineStore {
  const engines = new Map<Digest, Promise<BuiltEngine>>();
  const once = (digest: Digest, find: () => Promise<BuiltEngine>): Promise<BuiltEngine> => {
    const engine = engines.get(digest) ?? find();
    engines.set(digest, engine);
    engine.catch(() => engines.delete(digest));
    return engine;
  };
  let current: Promise<CurrentEngine> | undefined;
  const getCurrent = async (): Promise<BuiltEngine> => {
    const found = await (current ??= findCurrentEngine());
    return once(found.digest, () => findOrBuild(directory, found, onProgress));
  };
  return {
    current: getCurrent,
    async get(digest) {
      const { digest: currentDigest } = await (current ??= findCurrentEngine());
      return digest === currentDigest ? getCurrent() : once(digest, () => findOld(directory, digest));
    },
  };
}

async function findOld(directory: string, digest: Digest): Promise<BuiltEngine> {
  const engine = await readEngine(join(directory, digest), digest);
  if (engine !== undefined) return engine;
  throw new DuraniumError(
    "engine-unavailable",
    `Engine ${digest} is not available in "${directory}", and this release builds another one. Copy it there from the installation where the version was deployed, or deploy the workflow again`,
  );
}

async function findOrBuild(
  directory: string,
  current: CurrentEngine,
  onProgress: (message: string) => void,
): Promise<BuiltEngine> {
  const { digest } = current;
  for (;;) {
    const found = await findIntact(join(directory, digest), digest, onProgress);
    if (found !== undefined) return found;
    assertToolchain(digest, directory);
    const inputs = await current.inputs();
    await mkdir(directory, { recursive: true });
    const onWait = (): void => onProgress("Waiting for another process that builds the JavaScript engine");
    await using lock = await acquireBuildLock(join(directory, `${digest}.lock`), { onWait });
    if (lock !== undefined) await buildUnderLock(lock, { directory, inputs, onProgress });
  }
}

/** A damaged engine that can be rebuilt counts as missing. */
async function findIntact(
  folder: string,
  digest: Digest,
  onProgress: (message: string) => void,
): Promise<BuiltEngine | undefined> {
  try {
    return await readEngine(folder, digest);
  } catch (error) {
    onProgress(`${messageOf(error)}. Rebuilding it`);
    return undefined;
  }
}

function assertToolchain(digest: Digest, directory: string): void {
  if (isToolchainInstalled()) return;
  throw new DuraniumError(
    "engine-unavailable",
    `Engine ${digest} is not available in "${directory}" and cannot be built, because componentize-js and jco are not installed. Install the development dependencies (npm install), or copy the engine from an installation of the same release`,
  );
}

interface Build {
  readonly directory: string;
  readonly inputs: EngineInputs;
  readonly onProgress: (message: string) => void;
}

/** Builds, unless the previous holder of the lock did. */
async function buildUnderLock(lock: BuildLock, build: Build): Promise<void> {
  const { digest } = build.inputs;
  const folder = join(build.directory, digest);
  if ((await readEngine(folder, digest).catch(() => undefined)) !== undefined) return;
  await removeLeftovers(build.directory, lock.folder);
  try {
    await buildEngine(lock.folder, folder, build);
  } catch (error) {
    if (!(await lock.isHeld())) return;
    throw new DuraniumError("engine-unavailable", `Cannot build the engine: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function buildEngine(workFolder: string, folder: string, { inputs, onProgress }: Build): Promise<void> {
  onProgress("Building the JavaScript engine (once per release, 5 to 30 s)");
  const startedAt = performance.now();
  const { guest: source, bindings, wit } = inputs;
  const data = Buffer.from(inputs.data).toString("base64");
  const output = await runBuild(workFolder, { kind: "engine", source, bindings, wit, data });
  await sealEngine(output, inputs.digest);
  await publish(output, folder);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  onProgress(`The JavaScript engine is built (${seconds} s)`);
}

/**
 * Whatever exists under that name is damaged or was published by another process at the same time, so it may
 * be replaced.
 */
async function publish(output: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await rename(output, folder);
}

/** Removes what killed processes left of other builds, once it is too old to be in use. */
async function removeLeftovers(directory: string, lockFolder: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (!name.includes(".lock") || path === lockFolder) continue;
    const ageMs = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (ageMs > 2 * engineBuildTimeoutMs) await rm(path, { recursive: true, force: true });
  }
}
