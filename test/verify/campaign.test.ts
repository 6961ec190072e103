import { expect, test } from "vitest";
import { testPythonCore } from "../support/python-engine.ts";
import { isThorough } from "../support/thorough.ts";
import { runCampaign } from "./campaign.ts";
import type { CampaignOptions } from "./campaign.ts";
import { printWhenFailed } from "./print-when-failed.ts";
import { commandOf, failed, reportOf } from "./report.ts";

/** Python is one of the languages where its engine was built. */
const languages: CampaignOptions["languages"] =
  (await testPythonCore()) === undefined ? ["typescript"] : ["typescript", "python"];

/** The short form; `npm run verify` is the long one. */
const short = { seed: 20, executions: 24, programs: 8, concurrency: 24, kills: 2 };

const withoutReplay = { how: "without forced replay", replayed: false };
const withReplay = { how: "replayed at every await", replayed: true };

test.each(isThorough ? [withoutReplay, withReplay] : [withReplay])(
  "under kill -9, $how, random workflows have the same results as without it, and no finished effect is repeated",
  async ({ replayed }) => {
    const options: CampaignOptions = {
      ...short,
      languages,
      victims: ["executor-process", "machine"],
      replayed,
    };
    printWhenFailed(commandOf(options));
    const report = await runCampaign(options);
    expect(failed(report), reportOf(options, report)).toBe(false);
  },
);
