import { mkdtempDisposable, readdir, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { ExecutionId } from "../domain/ids.ts";
import { silentLogger } from "../stores/testing/logger.ts";
import { createCrashGuard } from "./crash-guard.ts";
import type { CrashGuard } from "./crash-guard.ts";
import { crashMemoryMs, maxCrashesInOneTurn } from "./limits.ts";

const id = "inv_1aaaaaaaaaaaaaaaaaaaa" as ExecutionId;
const other = "inv_1bbbbbbbbbbbbbbbbbbbb" as ExecutionId;

describe("the crash guard for executions", () => {
  test("an execution is rejected once it has crashed maxCrashesInOneTurn times in the same turn", async () => {
    await using folder = await temporaryFolder();
    const guard = open(folder.path);
    for (let crashes = 1; crashes < maxCrashesInOneTurn; crashes += 1) guard.record(id, 4);
    guard.admit(id);
    guard.record(id, 4);
    expect(() => guard.admit(id)).toThrow(
      expect.objectContaining({ code: "executor-crashed", retryable: true }),
    );
    guard.admit(other);
  });

  test("a crash in a later turn restarts the count", async () => {
    await using folder = await temporaryFolder();
    const guard = open(folder.path);
    for (let turn = 0; turn < 4 * maxCrashesInOneTurn; turn += 1) guard.record(id, Math.floor(turn / 2));
    guard.admit(id);
  });

  test("counts are shared with later processes until they expire", async () => {
    await using folder = await temporaryFolder();
    for (let deaths = 0; deaths < maxCrashesInOneTurn; deaths += 1) {
      open(folder.path).recordProcessCrash([{ owner: id, turn: 0 }]);
    }
    expect(() => open(folder.path).admit(id)).toThrow("Execution paused");
    const longAgo = new Date(Date.now() - crashMemoryMs - 60_000);
    await utimes(join(folder.path, id), longAgo, longAgo);
    open(folder.path).admit(id);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("a process crash is divided among the executions in flight, and other ids are ignored", async () => {
    await using folder = await temporaryFolder();
    const guard = open(folder.path);
    const underWay = [id, other, "../../elsewhere", "inv_"].map((owner) => ({ owner, turn: 1 }));
    for (let deaths = 0; deaths < maxCrashesInOneTurn; deaths += 1) guard.recordProcessCrash(underWay);
    guard.admit(id);
    expect((await readdir(folder.path)).toSorted()).toEqual([id, other]);
  });

  test("an execution is paused after Restate has recorded its failure, and its count restarts", async () => {
    await using folder = await temporaryFolder();
    const statuses = ["running", "backing-off", "paused"];
    const asked: string[] = [];
    const guard = open(folder.path, {
      query: async () => [{ status: statuses.shift() ?? "gone" }],
      pause: async (executionId) => void asked.push(`${executionId} before ${statuses[0]}`),
    });
    for (let crashes = 0; crashes < maxCrashesInOneTurn; crashes += 1) guard.record(id, 0);
    for (const _attempt of [1, 2]) expect(() => guard.admit(id)).toThrow("Execution paused");
    while ((await readdir(folder.path)).length > 0) await delay(20);
    expect(asked).toEqual([`${id} before paused`]);
    guard.admit(id);
  });
});

describe("the crash guard for deploys", () => {
  test("a deploy that was in flight at each crash fails permanently", async () => {
    await using folder = await temporaryFolder();
    for (let deaths = 0; deaths < maxCrashesInOneTurn; deaths += 1) {
      const guard = open(folder.path);
      guard.admitDeploy(id);
      guard.recordProcessCrash([{ owner: id, turn: -1 }]);
    }
    const guard = open(folder.path);
    guard.admitDeploy(other);
    expect(() => guard.admitDeploy(id)).toThrow(
      expect.objectContaining({ code: "compiler-crashed", retryable: false }),
    );
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("the message names crashes between two turns", async () => {
    await using folder = await temporaryFolder();
    const guard = open(folder.path);
    for (let deaths = 0; deaths < maxCrashesInOneTurn; deaths += 1) {
      guard.recordProcessCrash([{ owner: id, turn: -1 }]);
    }
    expect(() => guard.admit(id)).toThrow("each time between two turns");
  });
});

type Restate = Parameters<typeof createCrashGuard>[0]["restate"];

const restless: Restate = { pause: async () => {}, query: async () => [{ status: "running" }] };

function open(directory: string, restate: Restate = restless): CrashGuard {
  const notes = { begin: () => ({ [Symbol.dispose]: () => {} }) };
  return createCrashGuard({ directory, restate, notes, logger: silentLogger });
}

async function temporaryFolder() {
  return await mkdtempDisposable(join(tmpdir(), "duranium-crashes-"));
}
