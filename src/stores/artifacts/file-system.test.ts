import { mkdir, mkdtempDisposable, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Digest } from "../../base/digest.ts";
import { digestOf } from "../../base/sha256.ts";
import { describeArtifactStore } from "./artifacts.contract.ts";
import { createFileSystemArtifactStore } from "./file-system.ts";

describeArtifactStore("a folder", async () => {
  const folder = await temporaryFolder();
  const placeOf = (digest: Digest) => join(folder.path, digest.slice(0, 2), digest);
  return {
    store: createFileSystemArtifactStore(folder.path),
    damage: (digest, bytes) => writeFile(placeOf(digest), bytes),
    placeOf,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});

test("a missing folder is created", async () => {
  await using folder = await temporaryFolder();
  const store = createFileSystemArtifactStore(join(folder.path, "data", "artifacts"));
  const digest = await store.put(new Uint8Array([1]));
  expect(await store.get(digest)).toEqual(new Uint8Array([1]));
});

test("many concurrent writers leave exactly one file", async () => {
  await using folder = await temporaryFolder();
  const stores = Array.from({ length: 40 }, () => createFileSystemArtifactStore(folder.path));
  const digests = await Promise.all(stores.map((store) => store.put(new Uint8Array(100_000))));
  expect(await filesIn(folder.path)).toEqual([digests[0]]);
});

test("a partial file from a crash does not block a write", async () => {
  await using folder = await temporaryFolder();
  const store = createFileSystemArtifactStore(folder.path);
  const bytes = new Uint8Array([1, 2, 3]);
  const digest = digestOf(bytes);
  await mkdir(join(folder.path, digest.slice(0, 2)));
  await writeFile(join(folder.path, digest.slice(0, 2), `${digest}.1234.tmp`), "half of it");
  await expect(store.get(digest)).rejects.toMatchObject({ code: "artifact-missing" });
  await store.put(bytes);
  expect(await store.get(digest)).toEqual(bytes);
});

test("a failed write names the path and leaves no file", async () => {
  await using folder = await temporaryFolder();
  const store = createFileSystemArtifactStore(folder.path);
  const digest = digestOf("blocked");
  const path = join(folder.path, digest.slice(0, 2), digest);
  await mkdir(path, { recursive: true });
  await expect(store.put(new TextEncoder().encode("blocked"))).rejects.toMatchObject({
    code: "internal",
    message: expect.stringContaining(path),
  });
  expect(await filesIn(folder.path)).toEqual([]);
});

test("an unreadable artifact is not reported as missing", async () => {
  await using folder = await temporaryFolder();
  const store = createFileSystemArtifactStore(folder.path);
  const digest = digestOf("unreadable");
  const path = join(folder.path, digest.slice(0, 2), digest);
  await mkdir(path, { recursive: true });
  await expect(store.get(digest)).rejects.toMatchObject({
    code: "internal",
    message: expect.stringContaining(path),
  });
});

test("a folder that cannot be created is reported immediately", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "file"), "");
  const path = join(folder.path, "file", "artifacts");
  expect(() => createFileSystemArtifactStore(path)).toThrow(`Cannot make the artifact folder ${path}`);
});

function temporaryFolder() {
  return mkdtempDisposable(join(tmpdir(), "duranium-artifacts-"));
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}
