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

  test("is held by one at a time, and gone with its folder when it is given back", async () => {
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

  test("goes to exactly one of many that ask at once", async () => {
    const asked = Array.from({ length: 20 }, async () => {
      const lock = await acquireBuildLock(folder);
      await lock?.[Symbol.asyncDispose]();
      return lock !== undefined;
    });
    expect((await Promise.all(asked)).filter(Boolean).length).toBeGreaterThanOrEqual(1);
    expect(await readdir(directory)).toEqual([]);
  });

  test("is taken from an owner that died", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    await leaveBehind({ token: "gone", pid, host: hostname() });
    expect(await acquireBuildLock(folder)).toBeUndefined();
    await using lock = await acquireBuildLock(folder);
    expect(await lock?.isHeld()).toBe(true);
  });

  test("is taken from an owner on another machine that shows no sign of life", async () => {
    await leaveBehind({ token: "elsewhere", pid: process.pid, host: "elsewhere" });
    expect(await acquireBuildLock(folder, { staleAfterMs: 300 })).toBeUndefined();
    await using lock = await acquireBuildLock(folder);
    expect(await lock?.isHeld()).toBe(true);
  });

  test("is taken where its owner never wrote who it is", async () => {
    await mkdir(folder);
    await writeFile(join(folder, "work"), "");
    expect(await acquireBuildLock(folder, { staleAfterMs: 300 })).toBeUndefined();
    await using lock = await acquireBuildLock(folder);
    expect(await lock?.isHeld()).toBe(true);
  });

  test("is left to an owner on another machine that goes on showing signs of life", async () => {
    await leaveBehind({ token: "elsewhere", pid: process.pid, host: "elsewhere" });
    const beat = setInterval(() => void touchOwner(), 20);
    let isBack = false;
    const asked = acquireBuildLock(folder, { staleAfterMs: 500 }).finally(() => (isBack = true));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(isBack).toBe(false);
    clearInterval(beat);
    await asked;
  });

  test("is not removed by an owner that lost it", async () => {
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
