import { mkdtempDisposable, readdir, rename, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Digest } from "../../base/digest.ts";
import { createFileSystemArtifactStore } from "./file-system.ts";
import { aside, sweepArtifacts } from "./sweep.ts";

const now = Date.now();
const before = now - 1_000;

test("a sweep deletes older artifacts without a version, and partial files from crashes", async () => {
  await using artifacts = await openArtifacts();
  const [named, unnamed, young] = await artifacts.put("named", "unnamed", "young");
  await artifacts.age(named, unnamed);
  const left = artifacts.pathOf(unnamed, ".1234.tmp");
  await writeFile(left, "half");
  await utimes(left, 1, 1);
  expect(await artifacts.sweep([named])).toBe(1);
  expect(await artifacts.names()).toEqual([named, young].toSorted());
});

test("an artifact that is stored or referenced during a sweep is kept", async () => {
  await using artifacts = await openArtifacts();
  const [digest] = await artifacts.put("again");
  await artifacts.age(digest);
  expect(await artifacts.sweep([], async () => true)).toBe(0);
  expect(await artifacts.names()).toEqual([digest]);
  await artifacts.put("again");
  expect(await artifacts.sweep([])).toBe(0);
  expect(await artifacts.names()).toEqual([digest]);
});

test("after a crashed sweep, referenced artifacts are restored and the others are deleted", async () => {
  await using artifacts = await openArtifacts();
  const [named, unnamed] = await artifacts.put("named", "unnamed");
  await artifacts.age(named, unnamed);
  for (const digest of [named, unnamed]) await artifacts.putAside(digest);
  await artifacts.sweep([named]);
  expect(await artifacts.names()).toEqual([named]);
});

async function openArtifacts() {
  const folder = await mkdtempDisposable(join(tmpdir(), "duranium-sweep-"));
  const store = createFileSystemArtifactStore(folder.path);
  const pathOf = (digest: Digest, suffix = "") => join(folder.path, digest.slice(0, 2), `${digest}${suffix}`);
  return {
    pathOf,
    put: async <Texts extends readonly string[]>(...texts: Texts) =>
      (await Promise.all(texts.map(async (text) => await store.put(new TextEncoder().encode(text))))) as {
        [Index in keyof Texts]: Digest;
      },
    async age(...digests: readonly Digest[]) {
      for (const digest of digests) await utimes(pathOf(digest), 1, 1);
    },
    putAside: async (digest: Digest) => {
      await rename(pathOf(digest), pathOf(digest, aside));
    },
    sweep: async (named: readonly Digest[], isNamed = async (digest: Digest) => named.includes(digest)) =>
      await sweepArtifacts(folder.path, { named: new Set(named), isNamed, before }),
    async names() {
      const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .toSorted();
    },
    [Symbol.asyncDispose]: async () => await folder[Symbol.asyncDispose](),
  };
}
