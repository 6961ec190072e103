import { drillFailed } from "./campaign.ts";
import type { DrillOptions, DrillReport } from "./campaign.ts";
import type { Pauses } from "./pauses.ts";

const maxShown = 30;

/** The report as people read it. Its last line is the result. */
export function drillReportOf(options: DrillOptions, report: DrillReport): string {
  const { counts, ledger, lost, wrong, crashes, pauses } = report;
  const lines = [
    `executions                     ${counts.executions}, and ${counts.children} that they began; ${report.perSecond.toFixed(1)} in a second`,
    `cancelled                      ${counts.cancelled}, ${counts.cutShort} without time to clean up`,
    `effects                        ${counts.operations}, ${counts.duplicatedInFlight} repeated in flight, ${counts.cutOff} cut off`,
    `events, callbacks              ${counts.events}, ${counts.callbacks}`,
    `changes of state               ${counts.stateChanges}`,
    `console lines                  ${counts.consoleLines}`,
    `deploys                        ${ledger.acknowledgedDeploys} acknowledged`,
    `audited changes                ${ledger.acknowledgedChanges} acknowledged`,
    `took                           ${Math.round(report.durationMs / 1_000)} s`,
    ...tableOf(pauses),
    ...[...lost, ...wrong, ...ledger.lostDeploys, ...ledger.lostAuditLines, ...crashes]
      .slice(0, maxShown)
      .map((what) => `  ${what}`),
    `${drillFailed(report) ? "failed; again" : "passed; again"}: ${repeatedBy(options)}`,
    resultOf(report),
  ];
  return lines.join("\n");
}

function resultOf({ counts, lost, wrong, ledger, crashes, disturbances }: DrillReport): string {
  return [
    `lost ${lost.length}`,
    `wrong ${wrong.length}`,
    `effects ${counts.operations} (${counts.duplicatedInFlight} repeated)`,
    `deploys lost ${ledger.lostDeploys.length} of ${ledger.acknowledgedDeploys}`,
    `audit lines lost ${ledger.lostAuditLines.length} of ${ledger.acknowledgedChanges}`,
    `crashed ${crashes.length}`,
    `executions ${counts.executions + counts.children}`,
    `disturbances ${disturbances.length}`,
  ].join(", ");
}

function tableOf(pauses: readonly Pauses[]): readonly string[] {
  const rows = pauses.map(({ kind, count, next, longest }) =>
    [
      kind.padEnd(50),
      String(count).padStart(3),
      `${next.median}, ${next.max}`.padStart(16),
      `${longest.median}, ${longest.max}`.padStart(16),
    ].join(" "),
  );
  const head = `${"disturbance".padEnd(50)}   n  next end, ms    longest gap, ms (median, max)`;
  return rows.length === 0 ? [] : [head, ...rows];
}

/** The command that runs the same programs again, and disturbs the same parts in the same order. */
export function repeatedBy({ durationMs, seed, concurrency, only, without }: DrillOptions): string {
  const flags = `--minutes ${durationMs / 60_000} --seed ${seed} --concurrency ${concurrency}`;
  const left = without.length === 0 ? "" : ` --without ${without.join(",")}`;
  return `npm run drill -- ${flags}${left}${only === undefined ? "" : ` --only "${only}"`}`;
}
