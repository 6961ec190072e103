import { expect, test } from "vitest";
import { printWhenFailed } from "../print-when-failed.ts";
import { runAutomation } from "./campaign.ts";
import { automationCommandOf, automationFailed, automationReportOf } from "./report.ts";
import type { AutomationOptions } from "./report.ts";

test("under kill -9, schedules run each instant once and queues lose nothing, exceed no limit and keep no slot", async () => {
  const options: AutomationOptions = {
    seed: 13,
    schedules: 8,
    queued: 104,
    durationMs: 15_000,
    kills: 3,
    pauseMs: { min: 1_000, max: 2_500 },
    victims: ["process", "restate", "machine"],
    replayed: false,
  };
  printWhenFailed(automationCommandOf(options));
  const report = await runAutomation(options);
  expect(automationFailed(report), automationReportOf(options, report)).toBe(false);
});
