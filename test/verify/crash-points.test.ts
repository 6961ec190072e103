import { describe, expect, test } from "vitest";
import { isReplayed } from "../support/replayed.ts";
import { crashEverywhere } from "./crash-points.ts";
import type { CrashPointOptions } from "./crash-points.ts";
import { fixedProgramNames } from "./fixed-programs.ts";
import { printWhenFailed } from "./print-when-failed.ts";
import { crashCommandOf, crashReportOf } from "./report.ts";

/**
 * What takes longest is crashed at some of the indexes: `npm run verify -- --crash-points` and
 * `--crash-points --replayed` crash all programs at all of them.
 */
const programs = (isReplayed ? (["fetching"] as const) : fixedProgramNames).map((program) => ({
  program,
  every: isReplayed ? 3 : program === "fetching" ? 1 : 2,
}));

describe("under kill -9", () => {
  test.each(programs)(
    "a workflow that crashes at 1 of $every indexes of its journals has the same result: $program",
    async ({ program, every }) => {
      const options: CrashPointOptions = { program, every, victim: "machine", replayed: isReplayed };
      printWhenFailed(crashCommandOf(options));
      const report = await crashEverywhere(options);
      expect(report.wrong, crashReportOf(options, report)).toEqual([]);
      expect(report.points).toBeGreaterThan(20);
    },
  );
});
