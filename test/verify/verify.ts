import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";
import type { CampaignOptions } from "./campaign.ts";
import { crashEverywhere } from "./crash-points.ts";
import type { CrashPointOptions } from "./crash-points.ts";
import { fixedProgramNames } from "./fixed-programs.ts";
import { commandOf, crashCommandOf, crashReportOf, failed, reportOf } from "./report.ts";
import { victims } from "./victims.ts";

/**
 * `npm run verify -- --executions 500 --seed 7`: random programs on a real installation while it is killed.
 * `npm run verify -- --crash-points`: fixed programs, crashed at every index of their journals; with `--seed 7`
 * a random one.
 * Ends with a report, and with exit code 1 where something was lost or wrong.
 */
const { values } = parseArgs({
  options: {
    executions: { type: "string", default: "100" },
    seed: { type: "string" },
    programs: { type: "string" },
    concurrency: { type: "string", default: "24" },
    kills: { type: "string" },
    kill: { type: "string", default: "process,machine" },
    replayed: { type: "boolean", default: false },
    "crash-points": { type: "boolean", default: false },
    program: { type: "string" },
  },
});

process.exitCode = (values["crash-points"] ? await crashPoints() : await campaign()) ? 0 : 1;

/** @returns whether all is well */
async function campaign(): Promise<boolean> {
  const options = readOptions();
  const report = await repeatable(commandOf(options), () => runCampaign({ ...options, progress: print }));
  print(reportOf(options, report));
  return !failed(report);
}

async function crashPoints(): Promise<boolean> {
  let wrongs = 0;
  for (const options of readCrashOptions()) {
    const crash = () => crashEverywhere({ ...options, progress: print });
    const report = await repeatable(crashCommandOf(options), crash);
    print(crashReportOf(options, report));
    wrongs += report.wrong.length;
  }
  return wrongs === 0;
}

/** Whatever else goes wrong, the command that repeats it is printed as well. */
async function repeatable<T>(command: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    print(`failed; again: ${command}`);
    throw error;
  }
}

function readOptions(): CampaignOptions {
  const executions = Number(values.executions);
  return {
    executions,
    seed: Number(values.seed ?? Date.now() % 1_000_000),
    programs: Number(values.programs ?? Math.ceil(executions / 4)),
    concurrency: Number(values.concurrency),
    kills: Number(values.kills ?? Math.ceil(executions / 5)),
    victims: values.kill.split(",").map((name) => oneOf(victims, "kill", name)),
    replayed: values.replayed,
  };
}

function readCrashOptions(): readonly CrashPointOptions[] {
  const { victims, replayed } = readOptions();
  return programs().flatMap((program) => victims.map((victim) => ({ program, victim, replayed })));
}

function programs(): readonly CrashPointOptions["program"][] {
  if (values.seed !== undefined) return [Number(values.seed)];
  if (values.program === undefined) return fixedProgramNames;
  return [oneOf(fixedProgramNames, "program", values.program)];
}

function oneOf<T extends string>(names: readonly T[], flag: string, name: string): T {
  const found = names.find((each) => each === name);
  if (found === undefined) throw new Error(`--${flag} takes ${names.join(", ")}, not "${name}"`);
  return found;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
