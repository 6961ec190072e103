import { describe, expect, test } from "vitest";
import { crashEverywhere } from "./crash-points.ts";
import type { CrashPointOptions } from "./crash-points.ts";
import type { FixedProgramName } from "./fixed-programs.ts";
import { printWhenFailed } from "./print-when-failed.ts";
import { crashCommandOf, crashReportOf } from "./report.ts";

/** The short form; `npm run verify -- --crash-points` takes all programs, and with `--replayed` in the other way. */
export function describeCrashPoints(
  how: string,
  replayed: boolean,
  programs: readonly FixedProgramName[],
): void {
  describe(`under kill -9, ${how},`, () => {
    test.each(programs)(
      "a workflow that is crashed at any index of its journals comes to the same: %s",
      async (program) => {
        const options: CrashPointOptions = { program, victim: "machine", replayed };
        printWhenFailed(crashCommandOf(options));
        const report = await crashEverywhere(options);
        expect(report.wrong, crashReportOf(options, report)).toEqual([]);
        expect(report.points).toBeGreaterThan(20);
      },
    );
  });
}
