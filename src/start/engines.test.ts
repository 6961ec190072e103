import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testEngineStore } from "../../test/support/engine.ts";
import { tinyEngine } from "../../test/support/tiny-engine.ts";
import type { EngineService } from "../api/contract/engine.ts";
import type { Digest } from "../base/digest.ts";
import { openInstalledEngines } from "../sandbox/engine/added/installed-engines.ts";
import { createEngineService } from "../services/engines/engine-service.ts";
import { createFileSystemArtifactStore } from "../stores/artifacts/file-system.ts";
import type { ArtifactStore } from "../stores/artifacts/artifacts.ts";
import { createEngineRecordStore } from "../stores/artifact-records/engines.ts";
import type { EngineRecordStore } from "../stores/artifact-records/engines.ts";
import { openSqlite } from "../stores/sql/sqlite.ts";
import type { SqliteDatabase } from "../stores/sql/sqlite.ts";
import { deployOf } from "../stores/testing/deploys.ts";
import { createVersionStore } from "../stores/versions.ts";
import { addedEngines, importEngineFiles, inspectEngine } from "./engines.ts";
import { openLog } from "./log.ts";

describe("the engines of an installation", () => {
  let directory: string;
  let database: SqliteDatabase;
  let records: EngineRecordStore;
  let artifacts: ArtifactStore;
  let service: EngineService;

  /** What each process of the installation has of its own. */
  const open = () => openInstalledEngines(testEngineStore(), addedEngines({ engines: records, artifacts }));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "duranium-installation-"));
    database = openSqlite(":memory:");
    records = createEngineRecordStore(database);
    artifacts = createFileSystemArtifactStore(join(directory, "artifacts"));
    service = createEngineService({ engines: open(), records, artifacts, inspect: inspectEngine });
  });
  afterEach(async () => {
    database[Symbol.dispose]();
    await rm(directory, { recursive: true, force: true });
  });

  test("an added engine is current, listed, exported unchanged, and available to other processes", async () => {
    await expect(open().current("python")).rejects.toMatchObject({ code: "engine-not-installed" });
    const { bytes, digest } = await tinyEngine();
    const added = await service.add(bytes, "ci");
    expect(added).toMatchObject({
      digest,
      language: "python",
      languageVersion: "3.0.1",
      builtIn: false,
      current: true,
      versionsInUse: 0,
      addedBy: "ci",
    });
    const [builtIn, second] = await service.list();
    expect(builtIn).toMatchObject({ language: "javascript", builtIn: true, current: true });
    expect(second).toEqual(added);
    const { bytes: exported, name } = await service.file(digest);
    expect(name).toBe("python-3.0.1.engine");
    expect(Buffer.compare(exported, bytes)).toBe(0);
    const other = open();
    expect((await other.current("python")).digest).toBe(digest);
    expect((await other.get(digest)).core.length).toBe(added.bytes);
    expect((await service.module(digest, "gzip")).length).toBeLessThan(added.bytes);
  });

  test("the engine that was added last is current, until another one is added again or it is removed", async () => {
    const [first, second] = [await tinyEngine(), await tinyEngine({ languageVersion: "3.0.2" })];
    await service.add(first.bytes, "ci");
    await service.add(second.bytes, "ci");
    expect(await records.currentOf("python")).toBe(second.digest);
    await service.add(first.bytes, "ci");
    expect(await records.currentOf("python")).toBe(first.digest);
    await service.remove(first.digest);
    expect(await records.currentOf("python")).toBe(second.digest);
    await service.remove(second.digest);
    expect(await records.currentOf("python")).toBeUndefined();
  });

  test("an engine that versions need cannot be removed, and the error names them", async () => {
    const { bytes, digest } = await tinyEngine();
    await service.add(bytes, "ci");
    const deploy = deployOf("inv_1");
    const compiled = { ...deploy.compiled, engineDigest: digest, language: "python" } as const;
    await createVersionStore(database).record({ ...deploy, compiled });
    expect((await service.get(digest)).versionsInUse).toBe(1);
    await expect(service.remove(digest)).rejects.toMatchObject({
      code: "engine-in-use",
      message: expect.stringContaining('version 1 of "orders"') as unknown,
    });
    expect((await records.get(digest))?.isCurrent).toBe(true);
  });

  test("an engine that is removed while it compiles a workflow leaves no version without an engine", async () => {
    const { bytes, digest } = await tinyEngine();
    await service.add(bytes, "ci");
    const deploy = deployOf("inv_1");
    const compiled = { ...deploy.compiled, engineDigest: digest, language: "python" } as const;
    await service.remove(digest);
    const versions = createVersionStore(database);
    await expect(versions.record({ ...deploy, compiled })).rejects.toMatchObject({
      code: "engine-not-installed",
    });
    expect(await versions.latest(deploy.workflowId)).toBeUndefined();
    await service.add(bytes, "ci");
    expect((await versions.record({ ...deploy, compiled })).version.version).toBe(1);
  });

  test("the engine of the release is neither exported nor removed, and unknown ones are not found", async () => {
    const { digest } = await testEngineStore().current();
    await expect(service.remove(digest)).rejects.toMatchObject({ code: "engine-in-use" });
    await expect(service.file(digest)).rejects.toMatchObject({ code: "engine-not-found" });
    for (const unknown of ["0".repeat(64), "../etc", ""]) {
      await expect(service.get(unknown)).rejects.toMatchObject({ code: "engine-not-found" });
      await expect(service.remove(unknown)).rejects.toMatchObject({ code: "engine-not-found" });
    }
    await expect(service.module("0".repeat(64) as Digest, "br")).rejects.toMatchObject({
      code: "route-not-found",
    });
  });

  test("a module that an author deployed is no engine of the installation, and lasts as long as its version", async () => {
    const { digest, bytes } = await tinyEngine({ language: "wasm" });
    const engine = await inspectEngine(bytes);
    const artifactDigest = await artifacts.put(bytes);
    const recorded = { ...engine, artifactDigest, fileBytes: bytes.length, addedAt: 1_000, addedBy: "ci" };
    await records.record({ ...recorded, isCurrent: false });
    expect(await service.list()).toHaveLength(1);
    await expect(service.file(digest)).rejects.toMatchObject({ code: "engine-not-found" });
    await expect(service.module(digest, "br")).rejects.toMatchObject({ code: "route-not-found" });
    expect((await open().get(digest)).language).toBe("wasm");
    expect(await records.removeUnused(1_000)).toBe(0);
    const deploy = deployOf("inv_1");
    await createVersionStore(database).record({
      ...deploy,
      compiled: { ...deploy.compiled, engineDigest: digest },
    });
    expect(await records.removeUnused(2_000)).toBe(0);
    const other = await tinyEngine({ language: "wasm", languageVersion: "2" });
    await records.record({ ...recorded, digest: other.digest, isCurrent: false });
    expect(await records.removeUnused(2_000)).toBe(1);
    expect(await records.get(digest)).toBeDefined();
  });

  test("engine files in the folder of engines are added at a start, once, and a damaged one does not prevent it", async () => {
    const [first, second] = [await tinyEngine(), await tinyEngine({ languageVersion: "3.0.2" })];
    await writeFile(join(directory, "broken.engine"), second.bytes.subarray(0, 500));
    await writeFile(join(directory, "python.engine"), first.bytes);
    const start = async () =>
      await importEngineFiles({
        config: { enginesDir: directory },
        log: openLog("json"),
        stores: { engines: records, artifacts },
      });
    await start();
    expect(await records.list()).toMatchObject([
      { digest: first.digest, isCurrent: true, addedBy: join(directory, "python.engine") },
    ]);
    // An operator has chosen another one since.
    await service.add(second.bytes, "ci");
    await start();
    expect(await records.currentOf("python")).toBe(second.digest);
  });
});
