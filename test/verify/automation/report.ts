import type { AutomationOptions, AutomationReport } from "./campaign.ts";

/** Of each kind. */
const maxShown = 8;

export function automationFailed({
  lost,
  twice,
  above,
  slotsLeft,
  unexpectedOutput,
}: AutomationReport): boolean {
  return lost.length + twice.length + above.length + slotsLeft.length + unexpectedOutput.length > 0;
}

/** The report as people read it, with the command that repeats it. */
export function automationReportOf(options: AutomationOptions, report: AutomationReport): string {
  const { lost, twice, above, slotsLeft, unexpectedOutput } = report;
  const problems = [lost, twice, above, slotsLeft, unexpectedOutput].flatMap((each) =>
    each.slice(0, maxShown),
  );
  const most = [...report.most].filter(([name]) => !/ with key |^schedule/.test(name));
  const lines = [
    `schedules, instants            ${options.schedules}, ${report.instants}: ${report.runs} ran, ${report.skipped} skipped`,
    `queued executions              ${report.queued}, ${report.cancelled} cancelled, ${report.killed} killed in Restate`,
    `kills                          ${report.kills} (${options.victims.join(", ")})`,
    `effects duplicated in flight   ${report.duplicatedInFlight}`,
    `most at the same time          ${most.map(([name, count]) => `${name} ${count}`).join(", ")}`,
    `slowest start after a kill     ${report.slowestStartMs} ms`,
    `all had run after              ${Math.round(report.drainedMs / 1000)} s`,
    `unexpected output              ${unexpectedOutput.length}`,
    `took                           ${Math.round(report.durationMs / 1000)} s`,
    ...problems.map((what) => `  ${what}`),
    `${automationFailed(report) ? "failed; again" : "passed; again"}: ${automationCommandOf(options)}`,
    `lost ${lost.length}, twice ${twice.length}, above the limit ${above.length}, slots left ${slotsLeft.length}`,
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
