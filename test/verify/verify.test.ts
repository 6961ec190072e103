import { describe, expect, test } from "vitest";
import { runCampaign } from "./campaign.ts";
import type { CampaignOptions } from "./campaign.ts";
import { crashEverywhere, timelessProgram } from "./crash-points.ts";
import { failed, reportOf } from "./report.ts";

/** The short form; `npm run verify` is the long one. */
const short = { seed: 20, executions: 24, programs: 8, concurrency: 24, kills: 2 };

describe.each([
  { how: "as it comes", replayed: false },
  { how: "replayed at every await", replayed: true },
])("under kill -9, $how,", ({ replayed }) => {
  test("random workflows come to what they come to undisturbed, and no finished effect is repeated", async () => {
    const options: CampaignOptions = { ...short, victims: ["process", "machine"], replayed };
    const report = await runCampaign(options);
    expect(failed(report), reportOf(options, report)).toBe(false);
  }, 240_000);

  test("a workflow that is crashed at any index of its journal comes to the same", async () => {
    const report = await crashEverywhere({ program: timelessProgram, victim: "machine", replayed });
    const again = `npm run verify -- --crash-points --kill machine${replayed ? " --replayed" : ""}`;
    expect(report.wrong, `again: ${again}`).toEqual([]);
    expect(report.points).toBeGreaterThan(20);
  }, 240_000);
});
