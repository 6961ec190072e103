import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FairSemaphore } from "../../../base/concurrency/fair-semaphore.ts";
import type { Digest } from "../../../base/digest.ts";
import { engineDigest } from "../engine-digest.ts";
import { maxStoredComponents } from "./limits.ts";
import { buildPortableComponent } from "./portable.ts";

/** Portable components, built one at a time on first request and stored in a folder. */
export interface PortableComponents {
  /**
   * Returns the component of a bundle. The first request builds it, after the builds that were requested
   * before; concurrent requests for the same bundle share one build. A build without waiters is aborted.
   *
   * @throws {DuraniumError} `portable-builds-disabled`, `evaluation-failed`, `artifact-missing`, `artifact-corrupt`;
   *   the reason of the signal
   */
  get(bundleDigest: Digest, signal: AbortSignal): Promise<Uint8Array>;
  /** Removes the stored components of these bundles. */
  remove(bundleDigests: readonly Digest[]): Promise<void>;
}

export interface PortableComponentsOptions {
  readonly directory: string;
  readonly artifacts: { get(digest: Digest): Promise<Uint8Array> };
}

/** A build in progress and the number of its waiters. */
interface Building {
  readonly component: Promise<Uint8Array>;
  readonly abort: AbortController;
  waiting: number;
}

export function createPortableComponents(options: PortableComponentsOptions): PortableComponents {
  const underWay = new Map<Digest, Building>();
  const builds = new FairSemaphore({ capacity: 1, perKey: 1 });

  /** A request after the build was aborted starts another one. */
  function forget(bundleDigest: Digest, building: Building): void {
    if (underWay.get(bundleDigest) === building) underWay.delete(bundleDigest);
  }

  function startBuilding(bundleDigest: Digest): Building {
    const abort = new AbortController();
    const build = async () => {
      using _permit = await builds.take(bundleDigest, abort.signal);
      return await findOrBuild(bundleDigest, options, abort.signal);
    };
    const building: Building = {
      component: build().finally(() => forget(bundleDigest, building)),
      abort,
      waiting: 0,
    };
    underWay.set(bundleDigest, building);
    return building;
  }

  return {
    async get(bundleDigest, signal) {
      signal.throwIfAborted();
      const building = underWay.get(bundleDigest) ?? startBuilding(bundleDigest);
      building.waiting += 1;
      const { promise: gone, reject } = Promise.withResolvers<never>();
      const leave = () => {
        building.waiting -= 1;
        if (building.waiting === 0) {
          forget(bundleDigest, building);
          building.abort.abort(signal.reason);
        }
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      return await Promise.race([building.component, gone]).finally(() =>
        signal.removeEventListener("abort", leave),
      );
    },
    async remove(bundleDigests) {
      const names = await readdir(options.directory).catch(() => []);
      const removed = new Set<string>(bundleDigests);
      const gone = names.filter((name) => removed.has(bundleOf(name)));
      await Promise.all(gone.map((name) => rm(join(options.directory, name), { force: true })));
    },
  };
}

/** The key of a component is its bundle and the guest runtime that it is built with. */
async function findOrBuild(
  bundleDigest: Digest,
  { directory, artifacts }: PortableComponentsOptions,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const path = join(directory, `${bundleDigest}-${await engineDigest()}.wasm`);
  const found = await readFile(path).catch(() => undefined);
  if (found !== undefined) return found;
  const bundle = new TextDecoder().decode(await artifacts.get(bundleDigest));
  const component = await buildPortableComponent(bundle, signal);
  await mkdir(directory, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, component);
  await rename(unfinished, path);
  await removeOldest(directory);
  return component;
}

function bundleOf(name: string): string {
  return name.slice(0, name.indexOf("-"));
}

async function removeOldest(directory: string): Promise<void> {
  const names = await readdir(directory);
  if (names.length <= maxStoredComponents) return;
  const dated = await Promise.all(
    names.map(async (name) => ({ name, builtAt: (await stat(join(directory, name))).mtimeMs })),
  );
  const oldest = dated.toSorted((a, b) => b.builtAt - a.builtAt).slice(maxStoredComponents);
  await Promise.all(oldest.map(({ name }) => rm(join(directory, name), { force: true })));
}
