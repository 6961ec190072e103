import type { RecentRun } from "./schedule.ts";
import "./strip.css";

/** The outcomes of the last runs, newest on the right. */
export function OutcomeBars({ recent }: { readonly recent: readonly RecentRun[] }) {
  if (recent.length === 0) return <span className="faint">None yet</span>;
  const runs = recent
    .slice(0, shown)
    .toSorted((one, other) => Date.parse(one.scheduledAt) - Date.parse(other.scheduledAt));
  return (
    <span className="outcomes" role="img" aria-label={`The last ${runs.length}: ${inWords(runs)}`}>
      {runs.map((run) => (
        <span key={run.scheduledAt} className="strip-mark" data-status={nameOf(run)} title={nameOf(run)} />
      ))}
    </span>
  );
}

const shown = 5;

/** The status of its execution, or why there is none. */
function nameOf({ outcome, status }: RecentRun): string {
  return status ?? outcome;
}

function inWords(runs: readonly RecentRun[]): string {
  return [...Map.groupBy(runs, nameOf)].map(([name, { length }]) => `${length} ${name}`).join(", ");
}
