import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { endWithTests } from "../../../test/support/end-with-tests.ts";
import { DataDirectoryInUseError, lockDataDirectory } from "./data-lock.ts";

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "duranium-lock-"));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

describe("the lock on a data directory", () => {
  test("is denied to a second process until the first one is killed", async () => {
    const holder = await holdInProcess();
    expect(() => lockDataDirectory(dataDir, 50)).toThrow(DataDirectoryInUseError);
    expect(() => lockDataDirectory(dataDir, 50)).toThrow(dataDir);
    await holder.kill();
    lockDataDirectory(dataDir)[Symbol.dispose]();
  });

  test("does not apply to a copy of the directory", async () => {
    using _original = lockDataDirectory(dataDir);
    const copy = `${dataDir}-copy`;
    await cp(dataDir, copy, { recursive: true });
    try {
      lockDataDirectory(copy, 50)[Symbol.dispose]();
      expect(() => lockDataDirectory(dataDir, 50)).toThrow(DataDirectoryInUseError);
    } finally {
      await rm(copy, { recursive: true });
    }
  });
});

async function holdInProcess(): Promise<{ kill(): Promise<void> }> {
  const module = fileURLToPath(new URL("data-lock.ts", import.meta.url));
  const script = `
    import { lockDataDirectory } from ${JSON.stringify(module)};
    globalThis.lock = lockDataDirectory(${JSON.stringify(dataDir)});
    process.stdout.write("locked");
    setInterval(() => {}, 1_000);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  endWithTests(child);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", () => reject(new Error("it ended before it had the lock")));
  });
  return {
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
