import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDigest } from "../../base/digest.ts";
import type { Digest } from "../../base/digest.ts";
import { engineMetadataName, fileDigestsIn } from "./engine-files.ts";
import type { EngineFiles } from "./engine-files.ts";

/** Engines in a folder: `<digest>/<path>`, complete or absent. It need not exist. */
export function openFolderEngines(folder: string): EngineFiles {
  return {
    list: () => list(folder),
    has: async (digest) => (await readIfThere(join(folder, digest, engineMetadataName))) !== undefined,
    read: async (digest) => await read(join(folder, digest)),
    write: async (digest, files) => await write(join(folder, digest), files),
    async [Symbol.asyncDispose]() {},
  };
}

async function* list(folder: string): AsyncGenerator<Digest> {
  const names = await readdir(folder).catch(absent);
  for (const name of names ?? []) if (isDigest(name)) yield name;
}

async function read(folder: string): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  const place = join(folder, engineMetadataName);
  const metadata = await readIfThere(place);
  if (metadata === undefined) return undefined;
  const files = new Map<string, Uint8Array>();
  for (const path of Object.keys(fileDigestsIn(metadata, place)))
    files.set(path, await readFile(join(folder, path)));
  return files.set(engineMetadataName, metadata);
}

async function write(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const copy = `${folder}.copy-${randomUUID()}`;
  try {
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(copy, path)), { recursive: true });
      await writeFile(join(copy, path), bytes);
    }
    await rename(copy, folder);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  return await readFile(path).catch(absent);
}

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
