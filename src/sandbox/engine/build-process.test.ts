import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runBuild } from "./build-process.ts";
import { bundleBindings, readWit } from "./sources.ts";

const [{ text: bindings }, wit] = await Promise.all([bundleBindings(), readWit()]);
const endless = "for (;;);";

describe("a build", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "duranium-build-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("a build that times out is killed with its child processes", async () => {
    const build = runBuild(
      folder,
      { kind: "portable", source: endless, bindings, wit },
      { timeoutMs: 2_000 },
    );
    await expect(build).rejects.toThrow("The build timed out after 2 s");
    await expect.poll(() => processesOf(folder)).toEqual([]);
  });

  test("an aborted build is killed with its child processes", async () => {
    const gone = new AbortController();
    const job = { kind: "portable", source: endless, bindings, wit } as const;
    const build = runBuild(folder, job, { signal: gone.signal });
    await expect.poll(() => processesOf(folder).some((line) => line.includes("wizer"))).toBe(true);
    gone.abort(new Error("gone"));
    await expect(build).rejects.toThrow("gone");
    await expect.poll(() => processesOf(folder)).toEqual([]);
  });

  test("a build that exceeds its processor time is killed with its child processes", async () => {
    const job = { kind: "portable", source: endless, bindings, wit } as const;
    await expect(runBuild(folder, job, { cpuSeconds: 2 })).rejects.toThrow(/signal|SIG(XCPU|KILL)|killed/i);
    await expect.poll(() => processesOf(folder)).toEqual([]);
  });

  test("the build of a portable component has no more memory than an engine", async () => {
    const source = "const held = []; for (;;) held.push(new Uint8Array(1e7).fill(1));";
    const build = runBuild(folder, { kind: "portable", source, bindings, wit });
    await expect(build).rejects.toThrow(/out of memory|allocat/i);
  });

  test("a failed build reports its reason", async () => {
    const build = runBuild(folder, { kind: "portable", source: "export const x = ;", bindings, wit });
    await expect(build).rejects.toThrow(/failed to parse JS source/i);
    await expect(readdir(join(folder, "output"))).rejects.toThrow("ENOENT");
  });

  test("a build whose source throws reports the error", async () => {
    const source = "throw new Error('no such luck')";
    const build = runBuild(folder, { kind: "portable", source, bindings, wit });
    await expect(build).rejects.toThrow("no such luck");
  });
});

/** Command lines of the processes that have to do with the folder. */
function processesOf(folder: string): string[] {
  const lines = execFileSync("ps", ["-Ao", "pid=,args="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(folder));
}
