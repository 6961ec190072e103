import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ExecutionId } from "../domain/ids.ts";
import { createCrashCountStore } from "../stores/crashes/crash-counts.ts";
import type { CrashCountStore } from "../stores/crashes/crash-counts.ts";
import type { Database } from "../stores/sql/database.ts";
import { openSqlite } from "../stores/sql/sqlite.ts";
import { silentLogger } from "../stores/testing/logger.ts";
import { countProcessCrashes, createCrashGuard } from "./crash-guard.ts";
import type { CrashGuard } from "./crash-guard.ts";
import { crashCountsAgeMs, crashMemoryMs, maxCrashesInOneTurn } from "./limits.ts";

const id = "inv_1aaaaaaaaaaaaaaaaaaaa" as ExecutionId;
const other = "inv_1bbbbbbbbbbbbbbbbbbbb" as ExecutionId;

let database: Database;
let counts: CrashCountStore;
beforeEach(() => {
  database = openSqlite(":memory:");
  counts = createCrashCountStore(database);
});
afterEach(async () => await database[Symbol.asyncDispose]());

describe("the crash guard for executions", () => {
  test("an execution is rejected once it has crashed maxCrashesInOneTurn times in the same turn", async () => {
    const guard = open();
    for (let crashes = 1; crashes < maxCrashesInOneTurn; crashes += 1) guard.record(id, 4);
    await guard.admit(id);
    guard.record(id, 4);
    await expect(guard.admit(id)).rejects.toThrow(
      expect.objectContaining({ code: "executor-crashed", retryable: true }),
    );
    await guard.admit(other);
  });

  test("a crash in a later turn restarts the count", async () => {
    const guard = open();
    for (let turn = 0; turn < 4 * maxCrashesInOneTurn; turn += 1) guard.record(id, Math.floor(turn / 2));
    await guard.admit(id);
  });

  test("crashes of several executors add up, until they expire", async () => {
    const living = open();
    await living.admit(id);
    for (let deaths = 0; deaths < maxCrashesInOneTurn; deaths += 1) {
      await countProcessCrashes(counts, [[{ owner: id, turn: 0 }]]);
    }
    await expect(open().admit(id)).rejects.toThrow("Execution paused");
    await delay(crashCountsAgeMs + 1);
    await expect(living.admit(id)).rejects.toThrow("Execution paused");
    await counts.add(id, { turn: 0, crashes: 1 }, Date.now() - crashMemoryMs - 60_000);
    await countProcessCrashes(counts, [[]]);
    await open().admit(id);
    expect(await counts.all()).toEqual(new Map());
  });

  test("a process crash is divided among the executions in flight, and other ids are ignored", async () => {
    const guard = open();
    const underWay = [id, other, "../../elsewhere", "inv_"].map((owner) => ({ owner, turn: 1 }));
    for (let deaths = 0; deaths < maxCrashesInOneTurn; deaths += 1)
      await countProcessCrashes(counts, [underWay]);
    await guard.admit(id);
    expect([...(await counts.all()).keys()].toSorted()).toEqual([id, other]);
  });

  test("an execution is paused after Restate has recorded its failure, and its count restarts", async () => {
    const statuses = ["running", "backing-off", "paused"];
    const asked: string[] = [];
    const guard = open({
      query: async () => [{ status: statuses.shift() ?? "gone" }],
      pause: async (executionId) => void asked.push(`${executionId} before ${statuses[0]}`),
    });
    for (let crashes = 0; crashes < maxCrashesInOneTurn; crashes += 1) guard.record(id, 0);
    for (const _attempt of [1, 2]) await expect(guard.admit(id)).rejects.toThrow("Execution paused");
    await expect.poll(async () => (await counts.all()).size).toBe(0);
    expect(asked).toEqual([`${id} before paused`]);
    await guard.admit(id);
  });

  test("an unavailable database keeps no execution from running whose count was read before", async () => {
    let isAvailable = true;
    const failing: CrashCountStore = {
      ...counts,
      all: async () => (isAvailable ? await counts.all() : await Promise.reject(new Error("unavailable"))),
    };
    const guard = open(restless, failing);
    for (let crashes = 0; crashes < maxCrashesInOneTurn; crashes += 1) guard.record(id, 0);
    await expect(guard.admit(id)).rejects.toThrow("Execution paused");
    isAvailable = false;
    await delay(crashCountsAgeMs + 1);
    await guard.admit(other);
    await expect(guard.admit(id)).rejects.toThrow("Execution paused");
  });
});

describe("the crash guard for deploys", () => {
  test("a deploy that was in flight at each crash fails permanently", async () => {
    for (let deaths = 0; deaths < maxCrashesInOneTurn; deaths += 1) {
      const guard = open();
      await guard.admitDeploy(id);
      await countProcessCrashes(counts, [[{ owner: id, turn: -1 }]]);
    }
    const guard = open();
    await guard.admitDeploy(other);
    await expect(guard.admitDeploy(id)).rejects.toThrow(
      expect.objectContaining({ code: "compiler-crashed", retryable: false }),
    );
    expect(await counts.all()).toEqual(new Map());
  });

  test("the message names crashes between two turns", async () => {
    const guard = open();
    for (let deaths = 0; deaths < maxCrashesInOneTurn; deaths += 1) {
      await countProcessCrashes(counts, [[{ owner: id, turn: -1 }]]);
    }
    await expect(guard.admit(id)).rejects.toThrow("each time between two turns");
  });
});

type Restate = Parameters<typeof createCrashGuard>[0]["restate"];

const restless: Restate = { pause: async () => {}, query: async () => [{ status: "running" }] };

function open(restate: Restate = restless, store: CrashCountStore = counts): CrashGuard {
  const notes = { begin: () => ({ [Symbol.dispose]: () => {} }) };
  return createCrashGuard({ counts: store, restate, notes, logger: silentLogger });
}
