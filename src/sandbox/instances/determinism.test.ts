import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { workloads } from "../testing/fingerprints.ts";
import type { Fingerprint } from "../testing/fingerprints.ts";

/**
 * A replay has to end in the same state as the execution: the same host calls, the same fuel, the same bytes
 * of memory. On every instance, in every process, and however the machine compiles the engine.
 */

/**
 * V8's compilers: the baseline compiler alone, the optimizing one alone, and both in sequence, as by default.
 */
const compilers: Readonly<Record<string, readonly string[]>> = {
  "compiled quickly": ["--liftoff", "--no-wasm-tier-up"],
  "optimised from the start": ["--no-liftoff"],
  "as usual": [],
};

describe("determinism", () => {
  const runs = new Map<string, readonly Fingerprint[]>();

  beforeAll(async () => {
    for (const [name, flags] of Object.entries(compilers)) runs.set(name, await fingerprintsWith(flags));
  });

  test.each(Object.keys(workloads))(
    "an execution of %s leaves the same memory and fuel everywhere, to the last byte and unit",
    (workload) => {
      const all = [...runs].flatMap(([how, prints]) =>
        prints
          .filter((print) => print.workload === workload)
          .map((print) => ({ ...print, on: `${how}, ${print.on}` })),
      );
      expect(all).toHaveLength(9);
      const [first] = all;
      for (const print of all) expect(print).toEqual({ ...first, on: print.on });
    },
  );

  test("executions of different workloads leave different fingerprints", () => {
    const prints = runs.get("as usual") ?? [];
    const onNew = prints.filter(({ on }) => on === "new");
    expect(new Set(onNew.map(({ memory }) => memory)).size).toBe(Object.keys(workloads).length);
    expect(new Set(onNew.map(({ fuelUsed }) => fuelUsed)).size).toBeGreaterThan(
      Object.keys(workloads).length - 2,
    );
  });

  test("only the expected workloads run out of fuel or memory", () => {
    const ends = (runs.get("as usual") ?? []).map(({ workload, turns }) => `${workload} ${turns.at(-1)}`);
    const failed = ends.filter((end) => /^\w+ [\w-]+: /.test(end));
    expect(new Set(failed.map((end) => end.split(": ", 1)[0]))).toEqual(
      new Set(["endless out-of-fuel", "greedy out-of-memory"]),
    );
  });
});

async function fingerprintsWith(flags: readonly string[]): Promise<readonly Fingerprint[]> {
  const script = fileURLToPath(new URL("../testing/print-fingerprints.ts", import.meta.url));
  const stack = "--stack-size=3900";
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, stack, script], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(stdout) as readonly Fingerprint[];
}
