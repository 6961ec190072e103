import { mkdtempDisposable, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testEngineStore } from "../../../test/support/engine.ts";
import { digestOf } from "../../base/sha256.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { EngineStore } from "./engine-store.ts";
import { shareEngines } from "./shared-engines.ts";
import type { EngineArchive } from "./shared-engines.ts";

test("an engine that one machine shared is available on another one, also after the archive is gone", async () => {
  await using folder = await temporaryFolder();
  const archive = openArchive();
  const { digest, core } = await archive.share();
  const other = shareEngines(otherRelease(), optionsOf(folder.path, archive));
  const [engine, again] = await Promise.all([other.get(digest), other.get(digest)]);
  expect(Buffer.compare(engine.core, core)).toBe(0);
  expect(again.digest).toBe(digest);
  expect(await readdir(folder.path)).toEqual([digest]);
});

test("a damaged file of a shared engine is reported, and nothing is stored", async () => {
  await using folder = await temporaryFolder();
  const archive = openArchive();
  const { digest } = await archive.share();
  archive.files.get(digest)?.set("engine.core.wasm", new Uint8Array([1, 2, 3]));
  const other = shareEngines(otherRelease(), optionsOf(folder.path, archive));
  await expect(other.get(digest)).rejects.toMatchObject({ code: "artifact-corrupt" });
  expect(await readdir(folder.path)).toEqual([]);
});

test("an engine that no machine shared is unavailable", async () => {
  await using folder = await temporaryFolder();
  const other = shareEngines(otherRelease(), optionsOf(folder.path, openArchive()));
  await expect(other.get(digestOf("x"))).rejects.toMatchObject({ code: "engine-unavailable" });
});

test("the current engine can be used while the archive is unavailable, and is shared later", async () => {
  await using folder = await temporaryFolder();
  const archive = openArchive();
  archive.isAvailable = false;
  const reported = Promise.withResolvers<string>();
  const options = { ...optionsOf(folder.path, archive), onProgress: reported.resolve };
  const engines = shareEngines(testEngineStore(), options);
  const { digest } = await engines.current();
  expect(await reported.promise).toContain("unavailable");
  archive.isAvailable = true;
  await engines.current();
  await archive.written;
  expect(archive.files.has(digest)).toBe(true);
});

function openArchive() {
  const files = new Map<string, Map<string, Uint8Array>>();
  const written = Promise.withResolvers<void>();
  const assertAvailable = () => {
    if (!archive.isAvailable) throw new DuraniumError("object-storage-unavailable", "unavailable");
  };
  const archive = {
    files,
    isAvailable: true,
    written: written.promise,
    async has(digest) {
      assertAvailable();
      return files.has(digest);
    },
    read: async (digest) => files.get(digest),
    async write(digest, content) {
      assertAvailable();
      expect([...content.keys()].at(-1)).toBe("metadata.json");
      files.set(digest, new Map(content));
      written.resolve();
    },
    async share() {
      const engine = await shareEngines(testEngineStore(), optionsOf("", archive)).current();
      await written.promise;
      return engine;
    },
  } satisfies EngineArchive & Record<string, unknown>;
  return archive;
}

/** The engines of a machine whose release has another one. */
function otherRelease(): EngineStore {
  return {
    current: async () => await testEngineStore().current(),
    get: async (digest) => {
      throw new DuraniumError("engine-unavailable", `no ${digest}`);
    },
  };
}

function optionsOf(directory: string, archive: EngineArchive) {
  return { directory, archive, onProgress: () => {} };
}

function temporaryFolder() {
  return mkdtempDisposable(join(tmpdir(), "duranium-shared-"));
}
