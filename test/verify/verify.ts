import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";
import type { CampaignOptions } from "./campaign.ts";
import { failed, reportOf } from "./report.ts";
import { victims } from "./victims.ts";
import type { Victim } from "./victims.ts";

/**
 * `npm run verify -- --executions 500 --seed 7`: random programs on a real installation while it is killed.
 * Ends with a report, and with exit code 1 where something was lost or wrong.
 */
const options = readOptions();
const report = await runCampaign({ ...options, progress: print });
print(reportOf(options, report));
process.exitCode = failed(report) ? 1 : 0;

function readOptions(): CampaignOptions {
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
    },
  });
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
