import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "../domain/ids.ts";
import { engineDigest } from "./engine/digest.ts";
import { buildPortableComponent } from "./engine/portable.ts";

/** Portable components, built when they are first asked for and kept in a folder. */
export interface PortableComponents {
  /**
   * The component of a bundle. Takes 5 to 20 s the first time; asking for the same one meanwhile waits for it.
   *
   * @throws {DuraniumError} `portable-unavailable`, `artifact-missing`, `artifact-corrupt`
   */
  get(bundleDigest: Digest): Promise<Uint8Array>;
}

export interface PortableComponentsOptions {
  readonly directory: string;
  readonly artifacts: { get(digest: Digest): Promise<Uint8Array> };
}

export function createPortableComponents(options: PortableComponentsOptions): PortableComponents {
  const underWay = new Map<Digest, Promise<Uint8Array>>();
  return {
    get(bundleDigest) {
      const component =
        underWay.get(bundleDigest) ??
        findOrBuild(bundleDigest, options).finally(() => underWay.delete(bundleDigest));
      underWay.set(bundleDigest, component);
      return component;
    },
  };
}

/** A component is that of its bundle and of the guest runtime that it is built with. */
async function findOrBuild(
  bundleDigest: Digest,
  { directory, artifacts }: PortableComponentsOptions,
): Promise<Uint8Array> {
  const path = join(directory, `${bundleDigest}-${await engineDigest()}.wasm`);
  const found = await readFile(path).catch(() => undefined);
  if (found !== undefined) return found;
  const bundle = new TextDecoder().decode(await artifacts.get(bundleDigest));
  const component = await buildPortableComponent(bundle);
  await mkdir(directory, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, component);
  await rename(unfinished, path);
  return component;
}
