import type { Victim } from "../victims.ts";
import type { WorkloadOptions } from "./workload.ts";

export interface AutomationOptions extends WorkloadOptions {
  /** The maximum number of kills. */
  readonly kills: number;
  /** The time between kills, drawn from this range. */
  readonly pauseMs: { readonly min: number; readonly max: number };
  /** Taken in turn. */
  readonly victims: readonly Victim[];
  /** Whether Restate suspends and replays at every await. */
  readonly replayed: boolean;
  /** Receives progress messages. */
  readonly progress?: (line: string) => void;
}

export interface AutomationReport {
  readonly kills: number;
  readonly slowestStartMs: number;
  readonly instants: number;
  readonly runs: number;
  readonly skipped: number;
  readonly queued: number;
  /** Queued executions by how they ended, those that are missing in Restate as well. */
  readonly ends: Readonly<Record<string, number>>;
  /** Pairs of executions whose order was certain. */
  readonly ordered: number;
  readonly duplicatedInFlight: number;
  /** The most executions at the same time, by the name of the limit. */
  readonly most: ReadonlyMap<string, number>;
  /** Instants and queued executions that did not run. */
  readonly lost: readonly string[];
  /** Instants and queued executions that ran more than once. */
  readonly twice: readonly string[];
  /** Times at which more ran, or started, than a limit allows. */
  readonly above: readonly string[];
  /** Executions that started in another order than guaranteed, or never released a slot while they slept. */
  readonly wrong: readonly string[];
  /** Slots that are taken after all executions have ended. */
  readonly slotsLeft: readonly string[];
  /** Unexpected lines of output. */
  readonly unexpectedOutput: readonly string[];
  /** From the end of the schedules until everything had run. */
  readonly drainedMs: number;
  readonly durationMs: number;
}

/** Of each kind. */
const maxShown = 8;

export function automationFailed({
  lost,
  twice,
  above,
  wrong,
  slotsLeft,
  unexpectedOutput,
}: AutomationReport): boolean {
  return [lost, twice, above, wrong, slotsLeft, unexpectedOutput].some(({ length }) => length > 0);
}

/** The report as people read it, with the command that repeats it. */
export function automationReportOf(options: AutomationOptions, report: AutomationReport): string {
  const { lost, twice, above, wrong, slotsLeft, unexpectedOutput } = report;
  const problems = [lost, twice, above, wrong, slotsLeft, unexpectedOutput].flatMap((each) =>
    each.slice(0, maxShown),
  );
  const most = [...report.most].filter(([name]) => !/ with key |^schedule/.test(name));
  const ends = Object.entries(report.ends);
  const lines = [
    `schedules, instants            ${options.schedules}, ${report.instants}: ${report.runs} ran, ${report.skipped} skipped`,
    `queued executions              ${report.queued}: ${ends.map(([outcome, count]) => `${count} ${outcome}`).join(", ")}`,
    `kills                          ${report.kills} (${options.victims.join(", ")})`,
    `effects duplicated in flight   ${report.duplicatedInFlight}`,
    `most at the same time          ${most.map(([name, count]) => `${name} ${count}`).join(", ")}`,
    `pairs in a certain order       ${report.ordered}`,
    `slowest start after a kill     ${report.slowestStartMs} ms`,
    `all had run after              ${Math.round(report.drainedMs / 1000)} s`,
    `unexpected output              ${unexpectedOutput.length}`,
    `took                           ${Math.round(report.durationMs / 1000)} s`,
    ...problems.map((what) => `  ${what}`),
    `${automationFailed(report) ? "failed; again" : "passed; again"}: ${automationCommandOf(options)}`,
    `lost ${lost.length}, twice ${twice.length}, above the limit ${above.length}, wrong ${wrong.length}, slots left ${slotsLeft.length}`,
  ];
  return lines.join("\n");
}

/** The command that repeats the same work, and kills after the same pauses. */
export function automationCommandOf(options: AutomationOptions): string {
  const { seed, schedules, queued, kills, durationMs, victims, replayed } = options;
  const numbers = Object.entries({ seed, schedules, queued, kills, minutes: durationMs / 60_000 });
  const flags = numbers.map(([name, value]) => `--${name} ${value}`).join(" ");
  return `npm run verify -- --automation ${flags} --kill ${victims.join(",")}${replayed ? " --replayed" : ""}`;
}
