import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";
import { isThorough } from "./test/support/thorough.ts";
import { eventTimeoutMs, hookTimeoutMs, testTimeoutMs } from "./test/support/time-limits.ts";

/** Unit tests that run the engine, build one or bundle workflows: they take seconds each. */
const slowUnits = [
  "src/{preview/contract,experiments}/**/*.test.ts",
  "src/sandbox/compile/*.test.ts",
  "src/sandbox/compile/{bundler,evaluation,shims}/**/*.test.ts",
  "src/sandbox/crypto/compute.test.ts",
  "src/sandbox/{components,engine,instances,scheduling}/**/*.test.ts",
  "src/sandbox/instrumentation/write-tracking.test.ts",
  "src/sandbox/wasm/{code,module}.test.ts",
  "src/services/engines/engine-modules.test.ts",
  "src/start/engines.test.ts",
];

/** Tests of the project as a whole that need neither the engine nor an instance. */
const quickChecks = [
  "test/{architecture,compose,deploy,errors-documented,monitoring,reference,words}.test.ts",
  "test/adversarial/fuzz-parsers.test.ts",
  "test/golden/delivery-order.test.ts",
  "test/support/**/*.test.ts",
  "test/drill/{disturbances,ledger,pauses,tcp-proxy}.test.ts",
  "test/verify/{callback-poster,kept-state,model,output,target,verdict}.test.ts",
  "test/verify/automation/{judge/*,recorder}.test.ts",
];

/** What holds for an execution also holds when it is replayed at every await: these run in both ways. */
const inBothWays = [
  "test/e2e/{durability,examples,guest-api,logs,request-rates,retry}.test.ts",
  "test/languages/languages.test.ts",
  "test/verify/crash-points.test.ts",
];

/** The harder way is enough for these, except in the thorough form. */
const replayedUnlessThorough = [
  "test/adversarial/secrets.test.ts",
  "test/crash/guests.test.ts",
  "test/e2e/{detail,flow,fork,hanging-fetch,operating,peers-bugs,recordings,schedules}.test.ts",
];

/** These run replayed only. */
const onlyReplayed = [
  "test/crash/hanging-fetch.test.ts",
  "test/e2e/limits.test.ts",
  ...(isThorough ? [] : replayedUnlessThorough),
];

const drill = "test/drill/drill.test.ts";

/**
 * The files of `system` that take longest come first, in this order; the others follow by kind. A long file that started
 * last would run alone at the end.
 */
const first = [
  "test/browser/page",
  "test/browser/editor",
  "test/e2e/packages.test",
  "test/guides",
  "test/verify/campaign",
  "test/e2e/cli",
  "test/crash/kill",
  "test/e2e/alerts",
  "test/crash/executor-killed",
  "test/e2e/instances",
  "test/verify/",
  "test/crash/",
  "test/e2e/process",
  "test/browser/",
  "test/e2e/executors",
  "test/e2e/guest-api",
  "src/sandbox/compile/compile",
  "src/sandbox/engine/engine-store",
  "test/e2e/",
  "test/documents",
  "src/sandbox/",
  "test/",
];

/** By project, so that a worker keeps its modules; within a project by `first`, and otherwise in the order of vitest. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's own method, not an array's
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  if (project.name === "replayed") return -1;
  if (project.name === "fast") return first.length + 1;
  const index = first.findIndex((part) => moduleId.includes(`/${part}`));
  return index === -1 ? first.length : index;
}

export default defineConfig({
  test: {
    // Real servers, real binaries and real builds, on machines that are slow and shared.
    testTimeout: testTimeoutMs,
    hookTimeout: hookTimeoutMs,
    // Tests wait for more than half of the time: four leave a quarter of two cores idle, and with six, a bundler on a busy
    // machine exceeds its time limit.
    maxWorkers: 5,
    // What a test needs to itself it has in a process or a folder of its own; to load all modules for every file anew
    // would take as long as a good part of the tests.
    isolate: false,
    expect: { poll: { timeout: eventTimeoutMs } },
    sequence: { sequencer: LongestFirst },
    reporters: ["default", ["json", { outputFile: "node_modules/.cache/duranium-test/report.json" }]],
    projects: [
      {
        extends: true,
        test: {
          name: "fast",
          include: ["{src,web/src,packages,bench}/**/*.test.ts", ...quickChecks],
          exclude: [...configDefaults.exclude, ...slowUnits],
        },
      },
      {
        extends: true,
        test: {
          name: "system",
          include: [...slowUnits, "test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...quickChecks, ...onlyReplayed, drill],
          globalSetup: "test/support/build-all.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "replayed",
          include: [...inBothWays, ...replayedUnlessThorough, ...onlyReplayed],
          env: { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" },
          globalSetup: "test/support/build-all.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "drill",
          include: [drill],
          globalSetup: "test/support/build-all.ts",
          // After all others: it starts a dozen servers, which would starve beside them.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
