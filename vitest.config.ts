import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";
import { eventTimeoutMs, hookTimeoutMs, testTimeoutMs } from "./test/support/time-limits.ts";

/**
 * Files that take longest, the longest first, and then the others of their kinds. One of them that began last would be
 * waited for alone.
 */
const first = [
  "test/e2e/instances",
  "test/crash/executor-killed",
  "test/browser/editor",
  "test/verify/",
  "test/crash/",
  "test/e2e/process",
  "test/browser/",
  "test/adversarial/secrets",
  "test/e2e/executors",
  "test/e2e/guest-api",
  "test/guides",
  "test/e2e/peers-bugs",
  "src/sandbox/compile/compile",
  "src/sandbox/engine/engine-store",
  "test/e2e/",
  "test/documents",
  "src/sandbox/",
  "test/",
];

/** By the kind of test, and otherwise as vitest has them. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's own method, not an array's
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const index = first.findIndex((part) => moduleId.includes(`/${part}`));
  return index === -1 ? first.length : index;
}

export default defineConfig({
  test: {
    include: [
      "src/**/*.test.ts",
      "web/src/**/*.test.ts",
      "packages/**/*.test.ts",
      "test/**/*.test.ts",
      "bench/**/*.test.ts",
    ],
    globalSetup: ["test/support/build-engine.ts", "test/support/build-web.ts"],
    // Real servers, real binaries and real builds, on machines that are slow and shared.
    testTimeout: testTimeoutMs,
    hookTimeout: hookTimeoutMs,
    // Twice as many as the smallest machine has cores: half of the time is waited for.
    maxWorkers: 4,
    // What a test needs to itself it has in a process or a folder of its own; to load all modules for every file anew
    // would take as long as a good part of the tests.
    isolate: false,
    expect: { poll: { timeout: eventTimeoutMs } },
    sequence: { sequencer: LongestFirst },
    reporters: ["default", ["json", { outputFile: "node_modules/.cache/duranium-test/report.json" }]],
  },
});
