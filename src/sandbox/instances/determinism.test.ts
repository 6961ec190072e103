import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { workloads } from "../testing/fingerprints.ts";
import type { Fingerprint } from "../testing/fingerprints.ts";

/**
 * A replay has to come to where the execution was: the same answers, the same fuel, the same bytes of memory. On
 * whatever instance, in whatever process, and however the machine's code was made of the engine's.
 */

/** V8's compilers: the quick one alone, the optimising one alone, and the one after the other, as usual. */
const compilers: Readonly<Record<string, readonly string[]>> = {
  "compiled quickly": ["--liftoff", "--no-wasm-tier-up"],
  "optimised from the start": ["--no-liftoff"],
  "as usual": [],
};

describe("an execution", () => {
  const runs = new Map<string, readonly Fingerprint[]>();

  beforeAll(async () => {
    for (const [name, flags] of Object.entries(compilers)) runs.set(name, await fingerprintsWith(flags));
  });

  test.each(Object.keys(workloads))(
    "of %s leaves the same everywhere, to the last byte and unit of fuel",
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

  test("differs from that of another workload", () => {
    const prints = runs.get("as usual") ?? [];
    const onNew = prints.filter(({ on }) => on === "new");
    expect(new Set(onNew.map(({ memory }) => memory)).size).toBe(Object.keys(workloads).length);
    expect(new Set(onNew.map(({ fuelUsed }) => fuelUsed)).size).toBeGreaterThan(
      Object.keys(workloads).length - 2,
    );
  });

  test("ends for want of fuel or memory where it says so, and not by accident", () => {
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
