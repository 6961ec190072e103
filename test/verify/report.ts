import type { CampaignOptions, CampaignReport } from "./campaign.ts";
import type { CrashPointOptions, CrashPointReport } from "./crash-points.ts";

const maxShown = 20;

export function failed({ lost, wrong, unexpectedOutput, replayedDifferently }: CampaignReport): boolean {
  return lost.length + wrong.length + unexpectedOutput.length + replayedDifferently.length > 0;
}

/** The report as people read it, with the command that repeats it. */
export function reportOf(options: CampaignOptions, report: CampaignReport): string {
  const { lost, wrong, unexpectedOutput } = report;
  const lines = [
    `executions                     ${report.executions}, and ${report.children} that they began`,
    `cancelled                      ${report.cancelled}, ${report.cutShort} without time to clean up`,
    `kills                          ${report.kills} (${options.victims.join(", ")})`,
    `operations                     ${report.operations}`,
    `effects duplicated in flight   ${report.duplicatedInFlight}`,
    `requests cut off               ${report.cutOff}`,
    `events, callbacks              ${report.events}, ${report.callbacks}`,
    `changes of state               ${report.stateChanges}`,
    `console lines                  ${report.consoleLines}`,
    `replayed on their own version  ${report.replayed}, ${report.replayedDifferently.length} differences`,
    `lost                           ${lost.length}`,
    `wrong                          ${wrong.length}`,
    `unexpected output              ${unexpectedOutput.length}`,
    `slowest start after a kill     ${report.slowestStartMs} ms`,
    `took                           ${Math.round(report.durationMs / 1000)} s`,
    ...[...lost, ...wrong, ...unexpectedOutput, ...report.replayedDifferently]
      .slice(0, maxShown)
      .map((what) => `  ${what}`),
    `${failed(report) ? "failed; again" : "passed; again"}: ${commandOf(options)}`,
  ];
  return lines.join("\n");
}

export function crashReportOf(options: CrashPointOptions, report: CrashPointReport): string {
  const { points, messages, duplicatedInFlight, wrong } = report;
  const lines = [
    `crashed after messages         ${points} of ${messages}`,
    `effects duplicated in flight   ${duplicatedInFlight}`,
    `wrong                          ${wrong.length}`,
    ...wrong.slice(0, maxShown).map((what) => `  ${what}`),
    `${wrong.length > 0 ? "failed; again" : "passed; again"}: ${crashCommandOf(options)}`,
  ];
  return lines.join("\n");
}

/** The one command that runs the same programs again, and kills after the same pauses. */
export function commandOf(options: CampaignOptions): string {
  const { executions, seed, programs, concurrency, kills, victims, replayed, languages } = options;
  const numbers = Object.entries({ executions, seed, programs, concurrency, kills });
  const flags = numbers.map(([name, value]) => `--${name} ${value}`).join(" ");
  const written = languages === undefined ? "" : ` --languages ${languages.join(",")}`;
  return `npm run verify -- ${flags} --kill ${victims.join(",")}${written}${replayed ? " --replayed" : ""}`;
}

/** The one command that crashes the same program at the same points again. */
export function crashCommandOf({ program, victim, replayed }: CrashPointOptions): string {
  const which = typeof program === "number" ? `--seed ${program}` : `--program ${program}`;
  return `npm run verify -- --crash-points ${which} --kill ${victim}${replayed ? " --replayed" : ""}`;
}
