import type { CampaignOptions, CampaignReport } from "./campaign.ts";
import type { CrashPointReport } from "./crash-points.ts";

const maxShown = 20;

export function failed({ lost, wrong, unexpectedOutput }: CampaignReport): boolean {
  return lost.length + wrong.length + unexpectedOutput.length > 0;
}

/** The report as people read it; where something failed, with the command that repeats it. */
export function reportOf(options: CampaignOptions, report: CampaignReport): string {
  const { lost, wrong, unexpectedOutput } = report;
  const lines = [
    `executions                     ${report.executions}`,
    `kills                          ${report.kills} (${options.victims.join(", ")})`,
    `operations                     ${report.operations}`,
    `effects duplicated in flight   ${report.duplicatedInFlight}`,
    `requests cut off               ${report.cutOff}`,
    `lost                           ${lost.length}`,
    `wrong                          ${wrong.length}`,
    `unexpected output              ${unexpectedOutput.length}`,
    `slowest start after a kill     ${report.slowestStartMs} ms`,
    `took                           ${Math.round(report.durationMs / 1000)} s`,
    ...[...lost, ...wrong, ...unexpectedOutput].slice(0, maxShown).map((what) => `  ${what}`),
    `${failed(report) ? "failed; again" : "passed; again"}: ${commandOf(options)}`,
  ];
  return lines.join("\n");
}

export function crashReportOf({ points, messages, duplicatedInFlight, wrong }: CrashPointReport): string {
  const lines = [
    `crashed after messages         ${points} of ${messages}`,
    `effects duplicated in flight   ${duplicatedInFlight}`,
    `wrong                          ${wrong.length}`,
    ...wrong.slice(0, maxShown).map((what) => `  ${what}`),
  ];
  return lines.join("\n");
}

/** The one command that runs the same programs again, and kills after the same pauses. */
function commandOf(options: CampaignOptions): string {
  const { executions, seed, programs, concurrency, kills, victims, replayed } = options;
  const numbers = Object.entries({ executions, seed, programs, concurrency, kills });
  const flags = numbers.map(([name, value]) => `--${name} ${value}`).join(" ");
  return `npm run verify -- ${flags} --kill ${victims.join(",")}${replayed ? " --replayed" : ""}`;
}
