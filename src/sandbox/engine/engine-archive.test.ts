import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testEngineStore } from "../../../test/support/engine.ts";
import { digestOf } from "../../base/sha256.ts";
import { archiveEngines } from "./engine-archive.ts";
import type { EngineStore } from "./engine-store.ts";

describe("archived engines", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "duranium-kept-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test("archived engines stay available after their release was replaced", async () => {
    const { digest } = await archiveEngines(testEngineStore(), directory).current();
    expect(await readdir(directory)).toEqual([digest]);
    const engine = await archiveEngines(releaseWithout(digest), directory).get(digest);
    expect(Buffer.compare(engine.core, (await testEngineStore().get(digest)).core)).toBe(0);
  });

  test("a damaged archived engine is repaired from its release", async () => {
    const kept = archiveEngines(testEngineStore(), directory);
    const { digest } = await kept.current();
    await writeFile(join(directory, digest, "engine.core.wasm"), "damaged");
    const later = releaseWithout(digest);
    await expect(archiveEngines(later, directory).get(digest)).rejects.toMatchObject({
      code: "artifact-corrupt",
    });
    await Promise.all([1, 2].map(async () => await archiveEngines(testEngineStore(), directory).current()));
    expect(await readdir(directory)).toEqual([digest]);
    expect((await archiveEngines(later, directory).get(digest)).digest).toBe(digest);
  });

  test("a missing engine is reported with its digest and the archive's path", async () => {
    const digest = digestOf("no engine");
    const kept = archiveEngines(testEngineStore(), directory);
    await expect(kept.get(digest)).rejects.toMatchObject({ code: "engine-unavailable", retryable: true });
    await expect(kept.get(digest)).rejects.toThrow(digest);
    await expect(kept.get(digest)).rejects.toThrow(directory);
  });

  test("engines are read from the release while it has them", async () => {
    const store = testEngineStore();
    const current = await store.current();
    const kept = archiveEngines(store, join(directory, "kept"));
    expect(await kept.get(current.digest)).toBe(current);
  });
});

/** The engines of a release that has another one. */
function releaseWithout(digest: string): EngineStore {
  const engines = testEngineStore();
  return {
    current: () => engines.current(),
    get: (wanted) => engines.get(wanted === digest ? digestOf("no engine") : wanted),
  };
}
