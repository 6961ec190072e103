import { describe, expect, onTestFailed, test } from "vitest";
import { runCampaign } from "./campaign.ts";
import type { CampaignOptions } from "./campaign.ts";
import { crashEverywhere } from "./crash-points.ts";
import type { CrashPointOptions } from "./crash-points.ts";
import { fixedProgramNames } from "./fixed-programs.ts";
import { commandOf, crashCommandOf, crashReportOf, failed, reportOf } from "./report.ts";

/** The short form; `npm run verify` is the long one. */
const short = { seed: 20, executions: 24, programs: 8, concurrency: 24, kills: 2 };

const timeoutMs = 240_000;

describe.each([
  { how: "as it comes", replayed: false },
  { how: "replayed at every await", replayed: true },
])("under kill -9, $how,", ({ replayed }) => {
  test(
    "random workflows come to what they come to undisturbed, and no finished effect is repeated",
    async () => {
      const options: CampaignOptions = { ...short, victims: ["process", "machine"], replayed };
      printWhenFailed(commandOf(options));
      const report = await runCampaign(options);
      expect(failed(report), reportOf(options, report)).toBe(false);
    },
    timeoutMs,
  );

  test.each(fixedProgramNames)(
    "a workflow that is crashed at any index of its journals comes to the same: %s",
    async (program) => {
      const options: CrashPointOptions = { program, victim: "machine", replayed };
      printWhenFailed(crashCommandOf(options));
      const report = await crashEverywhere(options);
      expect(report.wrong, crashReportOf(options, report)).toEqual([]);
      expect(report.points).toBeGreaterThan(20);
    },
    timeoutMs,
  );
});

/** However a test fails, if only because it takes too long. */
function printWhenFailed(command: string): void {
  onTestFailed(() => void process.stderr.write(`again: ${command}\n`));
}
