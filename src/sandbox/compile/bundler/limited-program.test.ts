import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openEmptyFolder } from "./limited-program.ts";

describe("an empty folder", () => {
  let within: string;
  beforeEach(() => {
    within = mkdtempSync(join(tmpdir(), "duranium-empty-test-"));
  });
  afterEach(() => rmSync(within, { recursive: true, force: true }));

  test("an empty folder is created once and kept for later callers", async () => {
    const first = await openEmptyFolder(within);
    await first[Symbol.asyncDispose]();
    expect((await openEmptyFolder(within)).innermost).toBe(first.innermost);
    expect(readdirSync(first.innermost)).toEqual([]);
    expect(readdirSync(within)).toHaveLength(1);
  });

  test("an empty folder that other users can write to is replaced by a private one, which is removed", async () => {
    const first = await openEmptyFolder(within);
    chmodSync(join(within, readdirSync(within)[0] ?? ""), 0o777);
    const own = await openEmptyFolder(within);
    expect(own.innermost).not.toBe(first.innermost);
    await own[Symbol.asyncDispose]();
    expect(existsSync(own.innermost)).toBe(false);
    expect(readdirSync(within)).toHaveLength(1);
  });
});
