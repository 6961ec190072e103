import { mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, until, untilEnded } from "../support/executions.ts";
import { startExecutorRouter } from "../support/executor-router.ts";
import { freePorts } from "../support/free-ports.ts";
import { executorBeside } from "../support/executor-beside.ts";
import { createInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { describeWithObjectStorage, startObjectStorage } from "../support/object-storage.ts";
import { makeRelease } from "../support/release.ts";
import type { Release } from "../support/release.ts";
import { bucketEnvironment, runMigrate } from "../support/run-migrate.ts";
import { startTarget } from "../support/target.ts";

/** Says by which engine it runs, before and after it waited. */
const source = `export async function run(ctx, url) {
  const before = navigator.userAgent;
  await ctx.waitForEvent("go");
  if (url !== null) await fetch(url + "/held");
  return [before, navigator.userAgent];
}`;

const byOlder = ["Duranium", "Duranium"];
const byNewer = ["Duranium/next", "Duranium/next"];

describe("an installation with a new engine", () => {
  let older: Release;
  /** Its engines have another guest runtime and speak a newer protocol; it speaks the older one too. */
  let newer: Release;
  beforeAll(async () => {
    older = await makeRelease();
    newer = await makeRelease({
      "src/guest/platform/web/data/navigator.ts": [['"Duranium"', '"Duranium/next"']],
      "src/sandbox/engine/protocol-version.ts": [
        ["protocolVersion = 1;", "protocolVersion = 2;"],
        ["[protocolVersion]", "[1, protocolVersion]"],
      ],
    });
  });
  afterAll(async () => {
    await older[Symbol.asyncDispose]();
    await newer[Symbol.asyncDispose]();
  });

  test("completes older executions on the older engine, also after kill -9, and runs both engines concurrently", async () => {
    await using target = await startTarget({ "GET /held": async () => await hold });
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    await using instance = await createInstance(replayed);
    await instance.start(older.start);
    const first = await deploy(instance, "agent", source);
    const [asleep, alsoAsleep] = [await startWaiting(instance, target.url), await startWaiting(instance)];

    await instance.kill();
    await instance.start(newer.start);
    const second = await deploy(instance, "agent", source);
    const next = await startWaiting(instance, target.url);
    for (const id of [asleep, next]) await go(instance, id);
    await target.arrived("GET /held", 2);
    release();
    expect(await untilEnded(instance, asleep)).toMatchObject({ version: 1, result: byOlder });
    expect(await untilEnded(instance, next)).toMatchObject({ version: 2, result: byNewer });

    await instance.stop();
    await instance.start(newer.start);
    await go(instance, alsoAsleep);
    expect(await untilEnded(instance, alsoAsleep)).toMatchObject({ version: 1, result: byOlder });
    const engines = [older.engineDigest, newer.engineDigest];
    expect([first.engineDigest, second.engineDigest]).toEqual(engines);
    expect(engines[0]).not.toBe(engines[1]);
    const { body } = await instance.request("GET", "/workflows/agent/versions");
    expect(body.items.map(enginesOf)).toEqual([
      { version: 2, engineDigest: engines[1], protocolVersion: 2 },
      { version: 1, engineDigest: engines[0], protocolVersion: 1 },
    ]);
  });

  test("completes executions on both engines while executors of both releases share a URL, and the newer one is killed", async () => {
    const [olderPort = 0, newerPort = 0] = await freePorts(2);
    const ports = [olderPort];
    let turn = 0;
    // Deploys go to the newer executor, everything else to either in turn.
    await using router = await startExecutorRouter(
      (path) => ports[path.endsWith("/deploy") ? ports.length - 1 : turn++ % ports.length] ?? olderPort,
    );
    const shared = { ...replayed, DURANIUM_EXECUTOR_URL: router.url };
    await using instance = await createInstance({ ...shared, DURANIUM_EXECUTOR_PORT: String(olderPort) });
    await instance.start(older.start);
    await deploy(instance, "agent", source);
    const asleep = [await startWaiting(instance), await startWaiting(instance)];
    await using executor = await createInstance({
      ...executorBeside(instance),
      ...shared,
      DURANIUM_EXECUTOR_PORT: String(newerPort),
    });
    await executor.start(newer.start);
    ports.push(newerPort);
    const { engineDigest } = await deploy(instance, "agent", source);
    expect(engineDigest).toBe(newer.engineDigest);
    const next = await Promise.all([1, 2, 3].map(async () => await startWaiting(instance)));

    await executor.kill();
    for (const id of [...asleep, ...next]) await go(instance, id);
    await executor.start(newer.start);
    for (const id of asleep) {
      expect(await untilEnded(instance, id)).toMatchObject({ version: 1, result: byOlder });
    }
    for (const id of next)
      expect(await untilEnded(instance, id)).toMatchObject({ version: 2, result: byNewer });
  });

  describeWithObjectStorage("whose artifacts moved to a bucket", () => {
    test("executes a version of an older engine on an executor with an empty data directory", async () => {
      const [olderPort = 0, newerPort = 0] = await freePorts(2);
      let port = olderPort;
      await using router = await startExecutorRouter(() => port);
      const shared = { ...replayed, DURANIUM_EXECUTOR_URL: router.url };
      await using instance = await createInstance({ ...shared, DURANIUM_EXECUTOR_PORT: String(olderPort) });
      await instance.start(older.start);
      await deploy(instance, "agent", source);
      const asleep = await startWaiting(instance);
      await instance.stop();

      await using storage = await startObjectStorage();
      const bucket = bucketEnvironment(storage, await storage.createBucket());
      const places = [join(instance.dataDir, "artifacts"), bucket.DURANIUM_ARTIFACTS_URL] as const;
      expect(await runMigrate(["--from", places[0], "--to", places[1]], bucket)).toContain("and 1 engines");
      expect(await runMigrate(["--from", places[0], "--to", places[1]], bucket)).toContain("and 0 engines");
      for (const name of ["artifacts", "engines"])
        await rename(join(instance.dataDir, name), join(instance.dataDir, `${name}-before`));
      const environment = { ...newer.start.environment, ...bucket };
      await instance.start({ ...newer.start, environment });
      await using executor = await createInstance({
        ...executorBeside(instance),
        ...shared,
        ...bucket,
        DURANIUM_ARTIFACTS_DIR: "",
        DURANIUM_EXECUTOR_PORT: String(newerPort),
      });
      await executor.start(newer.start);
      port = newerPort;
      await go(instance, asleep);
      expect(await untilEnded(instance, asleep)).toMatchObject({ version: 1, result: byOlder });
      expect(await readdir(join(executor.dataDir, "engines"))).toContain(older.engineDigest);

      const back = join(instance.dataDir, "back/artifacts");
      const engine = await runMigrate(["--from", places[1], "--to", back], bucket);
      expect(engine).toMatch(/and [12] engines/);
      expect(await readdir(join(instance.dataDir, "back/engines"))).toContain(older.engineDigest);
    });
  });

  test("keeps executions with an unsupported protocol waiting with that reason, and a supporting release continues them", async () => {
    await using instance = await createInstance(replayed);
    await instance.start(newer.start);
    await deploy(instance, "agent", source);
    const [asleep, alsoAsleep] = [await startWaiting(instance), await startWaiting(instance)];

    await instance.stop();
    await instance.start(older.start);
    const begun = await startExecution(instance, "agent");
    for (const id of [asleep, alsoAsleep]) await go(instance, id);
    for (const id of [asleep, alsoAsleep, begun]) {
      const { lastFailure } = await until(instance, id, ({ status }) => status === "retrying");
      expect(lastFailure.code).toBe("protocol-unsupported");
      expect(lastFailure.message).toContain("engine of protocol version 2. It supports 1.");
    }
    await instance.request("POST", `/executions/${asleep}/pause`);
    const paused = await until(instance, asleep, ({ status }) => status === "paused");
    expect(paused.lastFailure.code).toBe("protocol-unsupported");

    await instance.stop();
    await instance.start(newer.start);
    await go(instance, begun);
    for (const id of [alsoAsleep, begun]) expect((await untilEnded(instance, id)).result).toEqual(byNewer);
    await instance.request("POST", `/executions/${asleep}/resume`);
    expect(await untilEnded(instance, asleep)).toMatchObject({ status: "completed", result: byNewer });
  });

  test("keeps an execution with a missing engine waiting, and never runs its image on another engine", async () => {
    await using instance = await createInstance(replayed);
    await instance.start(older.start);
    await deploy(instance, "agent", source);
    const asleep = await startWaiting(instance);
    await instance.stop();
    const kept = join(instance.dataDir, "engines", older.engineDigest);
    await mkdir(join(instance.dataDir, "away"));
    await rename(kept, join(instance.dataDir, "away/engine"));

    await instance.start(newer.start);
    await go(instance, asleep);
    const { lastFailure } = await until(instance, asleep, ({ status }) => status === "retrying");
    expect(lastFailure.code).toBe("engine-unavailable");
    expect(lastFailure.message).toContain(older.engineDigest);
    await rename(join(instance.dataDir, "away/engine"), kept);
    expect(await untilEnded(instance, asleep)).toMatchObject({ version: 1, result: byOlder });

    claimEngine(instance, newer.engineDigest);
    await instance.request("POST", "/workflows/agent/activate", { body: { version: 1 } });
    const claimed = await startExecution(instance, "agent");
    const refused = await until(instance, claimed, ({ status }) => status === "retrying");
    expect(refused.steps).toEqual([]);
    expect(refused.lastFailure.code).toBe("artifact-corrupt");
    expect(refused.lastFailure.message).toContain(`made by the engine ${older.engineDigest}`);

    claimEngine(instance, older.engineDigest);
    await instance.request("POST", "/workflows/agent/activate", { body: { version: 1 } });
    const fixed = await startExecution(instance, "agent");
    await go(instance, fixed);
    expect((await untilEnded(instance, fixed)).result).toEqual(byOlder);
  });
});

/** Restate suspends waiting executions immediately. */
const replayed = { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" };

/** Starts an execution, and resolves when it waits for the event. */
async function startWaiting(instance: Instance, payload: string | null = null): Promise<string> {
  const id = await startExecution(instance, "agent", payload);
  await until(instance, id, ({ status, steps }) => status === "suspended" && steps.length > 0);
  return id;
}

async function go(instance: Instance, id: string): Promise<void> {
  const { status } = await instance.request("POST", `/executions/${id}/events/go`, { body: null });
  expect(status).toBe(202);
}

function enginesOf({ version, engineDigest, protocolVersion }: Record<string, unknown>) {
  return { version, engineDigest, protocolVersion };
}

/** Makes the database name another engine for the image of version 1. */
function claimEngine({ dataDir }: Instance, engineDigest: string): void {
  const database = new Database(join(dataDir, "duranium.sqlite"));
  try {
    const { changes } = database.prepare("UPDATE versions SET engine_digest = ?").run(engineDigest);
    expect(changes).toBe(1);
  } finally {
    database.close();
  }
}
