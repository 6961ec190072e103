import { mkdtempDisposable, readdir, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { ExecutionId } from "../domain/ids.ts";
import { crashMemoryMs, maxCrashesInOneTurn } from "../domain/limits.ts";
import { silentLogger } from "../stores/testing/logger.ts";
import { createCrashGuard } from "./crash-guard.ts";
import type { CrashGuard } from "./crash-guard.ts";

const id = "inv_1aaaaaaaaaaaaaaaaaaaa" as ExecutionId;
const other = "inv_1bbbbbbbbbbbbbbbbbbbb" as ExecutionId;

describe("the guard against executions that crash", () => {
  it("keeps one away after its crashes in the same turn, and not before", async () => {
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

  it("begins to count anew where the execution came further", async () => {
    await using folder = await temporaryFolder();
    const guard = open(folder.path);
    for (let turn = 0; turn < 4 * maxCrashesInOneTurn; turn += 1) guard.record(id, Math.floor(turn / 2));
    guard.admit(id);
  });

  it("remembers across processes, for a time", async () => {
    await using folder = await temporaryFolder();
    for (let deaths = 0; deaths < maxCrashesInOneTurn; deaths += 1) {
      open(folder.path).recordProcessCrash([{ owner: id, turn: 0 }]);
    }
    expect(() => open(folder.path).admit(id)).toThrow("is paused");
    const longAgo = new Date(Date.now() - crashMemoryMs - 60_000);
    await utimes(join(folder.path, id), longAgo, longAgo);
    open(folder.path).admit(id);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("holds all who were in a turn for a part of the reason, and counts nothing that is no execution", async () => {
    await using folder = await temporaryFolder();
    const guard = open(folder.path);
    const underWay = [id, other, "../../elsewhere", "inv_"].map((owner) => ({ owner, turn: 1 }));
    for (let deaths = 0; deaths < maxCrashesInOneTurn; deaths += 1) guard.recordProcessCrash(underWay);
    guard.admit(id);
    expect((await readdir(folder.path)).toSorted()).toEqual([id, other]);
  });

  it("has it paused once Restate knows why, and then counts anew", async () => {
    await using folder = await temporaryFolder();
    const statuses = ["running", "backing-off", "paused"];
    const asked: string[] = [];
    const guard = open(folder.path, {
      query: async () => [{ status: statuses.shift() ?? "gone" }],
      pause: async (executionId) => void asked.push(`${executionId} before ${statuses[0]}`),
    });
    for (let crashes = 0; crashes < maxCrashesInOneTurn; crashes += 1) guard.record(id, 0);
    for (const _attempt of [1, 2]) expect(() => guard.admit(id)).toThrow("is paused");
    while ((await readdir(folder.path)).length > 0) await delay(20);
    expect(asked).toEqual([`${id} before paused`]);
    guard.admit(id);
  });
});

describe("the guard against deploys that crash", () => {
  it("ends one for good that was under way each time that the process died", async () => {
    await using folder = await temporaryFolder();
    for (let deaths = 0; deaths < maxCrashesInOneTurn; deaths += 1) {
      const guard = open(folder.path);
      guard.admitDeploy(id);
      guard.recordProcessCrash([{ owner: id, turn: -1 }]);
    }
    const guard = open(folder.path);
    guard.admitDeploy(other);
    expect(() => guard.admitDeploy(id)).toThrow(
      expect.objectContaining({ code: "deploy-crashed", retryable: false }),
    );
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("says of an execution that it crashed between its turns", async () => {
    await using folder = await temporaryFolder();
    const guard = open(folder.path);
    for (let deaths = 0; deaths < maxCrashesInOneTurn; deaths += 1) {
      guard.recordProcessCrash([{ owner: id, turn: -1 }]);
    }
    expect(() => guard.admit(id)).toThrow("between two of its turns each time");
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
