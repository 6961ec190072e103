import { describe, expect, test } from "vitest";
import { isReplayed } from "../support/replayed.ts";
import { crashEverywhere } from "./crash-points.ts";
import type { CrashPointOptions } from "./crash-points.ts";
import { fixedProgramNames } from "./fixed-programs.ts";
import { printWhenFailed } from "./print-when-failed.ts";
import { crashCommandOf, crashReportOf } from "./report.ts";

/** Replayed, the others take longer than all other tests together: `npm run verify -- --crash-points --replayed` runs them. */
const programs = isReplayed ? (["fetching"] as const) : fixedProgramNames;

describe("under kill -9", () => {
  test.each(programs)(
    "a workflow that crashes at any index of its journals has the same result: %s",
    async (program) => {
      const options: CrashPointOptions = { program, victim: "machine", replayed: isReplayed };
      printWhenFailed(crashCommandOf(options));
      const report = await crashEverywhere(options);
      expect(report.wrong, crashReportOf(options, report)).toEqual([]);
      expect(report.points).toBeGreaterThan(20);
    },
  );
});
