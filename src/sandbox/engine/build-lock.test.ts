import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { acquireBuildLock } from "./build-lock.ts";

describe("a build lock", () => {
  let directory: string;
  let folder: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "duranium-lock-"));
    folder = join(directory, "engine.lock");
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test("a build lock has one holder, and its folder is removed on release", async () => {
    const first = await acquireBuildLock(folder);
    expect(await first?.isHeld()).toBe(true);
    await writeFile(join(folder, "work"), "");
    let secondIsBack = false;
    const waiting = Promise.withResolvers<void>();
    const second = acquireBuildLock(folder, { onWait: waiting.resolve }).finally(() => (secondIsBack = true));
    await waiting.promise;
    expect(secondIsBack).toBe(false);
    await first?.[Symbol.asyncDispose]();
    expect(await second).toBeUndefined();
    expect(await readdir(directory)).toEqual([]);
  });

  test("exactly one of many concurrent callers acquires a build lock", async () => {
    const asked = Array.from({ length: 20 }, async () => {
      const lock = await acquireBuildLock(folder);
      await lock?.[Symbol.asyncDispose]();
      return lock !== undefined;
    });
    expect((await Promise.all(asked)).filter(Boolean).length).toBeGreaterThanOrEqual(1);
    expect(await readdir(directory)).toEqual([]);
  });

  test("a build lock is taken over from a process that has exited", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    await leaveBehind({ token: "gone", pid, host: hostname() });
    expect(await acquireBuildLock(folder)).toBeUndefined();
    await using lock = await acquireBuildLock(folder);
    expect(await lock?.isHeld()).toBe(true);
  });

  test("a build lock is taken over from another machine without a sign of life", async () => {
    await leaveBehind({ token: "elsewhere", pid: process.pid, host: "elsewhere" });
    expect(await acquireBuildLock(folder, { staleAfterMs: 300 })).toBeUndefined();
    await using lock = await acquireBuildLock(folder);
    expect(await lock?.isHeld()).toBe(true);
  });

  test("a build lock without a recorded owner is taken over", async () => {
    await mkdir(folder);
    await writeFile(join(folder, "work"), "");
    expect(await acquireBuildLock(folder, { staleAfterMs: 300 })).toBeUndefined();
    await using lock = await acquireBuildLock(folder);
    expect(await lock?.isHeld()).toBe(true);
  });

  test("a build lock stays with a living owner on another machine", async () => {
    await leaveBehind({ token: "elsewhere", pid: process.pid, host: "elsewhere" });
    const beat = setInterval(() => void touchOwner(), 20);
    let isBack = false;
    const asked = acquireBuildLock(folder, { staleAfterMs: 500 }).finally(() => (isBack = true));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(isBack).toBe(false);
    clearInterval(beat);
    await asked;
  });

  test("an owner that lost a build lock does not remove it", async () => {
    await using lost = await acquireBuildLock(folder);
    await rm(folder, { recursive: true });
    await using taken = await acquireBuildLock(folder);
    expect(await lost?.isHeld()).toBe(false);
    await lost?.[Symbol.asyncDispose]();
    expect(await taken?.isHeld()).toBe(true);
  });

  async function leaveBehind(owner: object): Promise<void> {
    await mkdir(folder);
    await writeFile(join(folder, "owner.json"), JSON.stringify(owner));
  }

  async function touchOwner(): Promise<void> {
    const now = new Date();
    await utimes(join(folder, "owner.json"), now, now).catch(() => undefined);
  }
});
