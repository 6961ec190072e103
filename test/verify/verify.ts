import { parseArgs } from "node:util";
import { runAutomation } from "./automation/campaign.ts";
import { automationCommandOf, automationFailed, automationReportOf } from "./automation/report.ts";
import type { AutomationOptions } from "./automation/report.ts";
import { runCampaign } from "./campaign.ts";
import type { CampaignOptions } from "./campaign.ts";
import { crashEverywhere } from "./crash-points.ts";
import type { CrashPointOptions } from "./crash-points.ts";
import { fixedProgramNames } from "./fixed-programs.ts";
import { commandOf, crashCommandOf, crashReportOf, failed, reportOf } from "./report.ts";
import { programLanguages } from "./source.ts";
import type { ProgramLanguage } from "./source.ts";
import { victims } from "./victims.ts";
import type { Victim } from "./victims.ts";

/**
 * `npm run verify -- --executions 500 --seed 7`: random programs on a real installation while it is killed.
 * With `--languages python`, or `mixed`, the programs are written in other languages than TypeScript.
 * `npm run verify -- --crash-points`: fixed programs, crashed at every index of their journals; with `--seed 7`
 * a random one.
 * `npm run verify -- --automation --minutes 10`: schedules and queued executions while it is killed.
 * Ends with a report, and with exit code 1 where something was lost or wrong.
 */
const { values } = parseArgs({
  options: {
    executions: { type: "string", default: "100" },
    seed: { type: "string" },
    programs: { type: "string" },
    concurrency: { type: "string", default: "24" },
    kills: { type: "string" },
    kill: { type: "string" },
    replayed: { type: "boolean", default: false },
    languages: { type: "string" },
    "crash-points": { type: "boolean", default: false },
    program: { type: "string" },
    automation: { type: "boolean", default: false },
    minutes: { type: "string", default: "10" },
    schedules: { type: "string", default: "50" },
    queued: { type: "string", default: "2000" },
  },
});

process.exitCode = (await verify()) ? 0 : 1;

/** @returns whether all is well */
async function verify(): Promise<boolean> {
  if (values.automation) return await automation();
  return values["crash-points"] ? await crashPoints() : await campaign();
}

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

async function automation(): Promise<boolean> {
  const options = readAutomationOptions();
  const report = await repeatable(automationCommandOf(options), () =>
    runAutomation({ ...options, progress: print }),
  );
  print(automationReportOf(options, report));
  return !automationFailed(report);
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
    seed: readSeed(),
    programs: Number(values.programs ?? Math.ceil(executions / 4)),
    concurrency: Number(values.concurrency),
    kills: Number(values.kills ?? Math.ceil(executions / 5)),
    victims: readVictims("process,machine"),
    replayed: values.replayed,
    ...(values.languages === undefined ? {} : { languages: readLanguages(values.languages) }),
  };
}

/** `mixed` writes every program in the next language. */
function readLanguages(given: string): readonly ProgramLanguage[] {
  if (given === "mixed") return programLanguages;
  return given.split(",").map((name) => oneOf(programLanguages, "languages", name));
}

function readAutomationOptions(): AutomationOptions {
  const { minutes, schedules, queued, kills, replayed } = values;
  return {
    seed: readSeed(),
    schedules: Number(schedules),
    queued: Number(queued),
    durationMs: Number(minutes) * 60_000,
    kills: Number(kills ?? 1_000),
    pauseMs: { min: 500, max: 10_000 },
    victims: readVictims(victims.join(",")),
    replayed,
  };
}

function readSeed(): number {
  return Number(values.seed ?? Date.now() % 1_000_000);
}

function readVictims(byDefault: string): readonly Victim[] {
  return (values.kill ?? byDefault).split(",").map((name) => oneOf(victims, "kill", name));
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
