import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";
import type { CampaignOptions } from "./campaign.ts";
import { crashEverywhere, timelessProgram } from "./crash-points.ts";
import { crashReportOf, failed, reportOf } from "./report.ts";
import { victims } from "./victims.ts";
import type { Victim } from "./victims.ts";

/**
 * `npm run verify -- --executions 500 --seed 7`: random programs on a real installation while it is killed.
 * `npm run verify -- --crash-points`: one program, crashed at every index of its journal.
 * Ends with a report, and with exit code 1 where something was lost or wrong.
 */
const { values } = parseArgs({
  options: {
    executions: { type: "string", default: "100" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    programs: { type: "string" },
    concurrency: { type: "string", default: "24" },
    kills: { type: "string" },
    kill: { type: "string", default: "process,machine" },
    "kill-restate": { type: "boolean", default: false },
    replayed: { type: "boolean", default: false },
    "crash-points": { type: "boolean", default: false },
  },
});

process.exitCode = (values["crash-points"] ? await crashPoints() : await campaign()) ? 0 : 1;

/** @returns whether all is well */
async function campaign(): Promise<boolean> {
  const options = readOptions();
  const report = await runCampaign({ ...options, progress: print });
  print(reportOf(options, report));
  return !failed(report);
}

async function crashPoints(): Promise<boolean> {
  const { victims, replayed } = readOptions();
  const wrongs = [];
  for (const victim of victims) {
    const report = await crashEverywhere({ program: timelessProgram, victim, replayed, progress: print });
    print(crashReportOf(report));
    wrongs.push(...report.wrong);
  }
  return wrongs.length === 0;
}

function readOptions(): CampaignOptions {
  const executions = Number(values.executions);
  return {
    executions,
    seed: Number(values.seed),
    programs: Number(values.programs ?? Math.ceil(executions / 4)),
    concurrency: Number(values.concurrency),
    kills: Number(values.kills ?? Math.ceil(executions / 5)),
    victims: values["kill-restate"] ? ["restate"] : values.kill.split(",").map(victimOf),
    replayed: values.replayed,
  };
}

function victimOf(name: string): Victim {
  const victim = victims.find((each) => each === name);
  if (victim === undefined) throw new Error(`--kill takes some of ${victims.join(", ")}, not "${name}"`);
  return victim;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
