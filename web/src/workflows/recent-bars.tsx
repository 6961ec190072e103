import type { ExecutionStatus } from "#client";
import "./recent-bars.css";

/** The last executions of a workflow as bars, newest on the right. */
export function RecentBars({
  recent,
  count,
}: {
  readonly recent: readonly { readonly executionId: string; readonly status: ExecutionStatus }[];
  /** The number of bars. */
  readonly count: number;
}) {
  if (recent.length === 0) return <span className="faint">None yet</span>;
  return (
    <span className="recent" role="img" aria-label={`The last ${recent.length}: ${inWords(recent)}`}>
      {Array.from({ length: Math.max(0, count - recent.length) }, (_, index) => (
        <span key={index} className="recent-bar" data-status="none" />
      ))}
      {recent.toReversed().map(({ executionId, status }) => (
        <span key={executionId} className="recent-bar" data-status={status} title={status} />
      ))}
    </span>
  );
}

function inWords(recent: readonly { readonly status: ExecutionStatus }[]): string {
  const byStatus = Map.groupBy(recent, ({ status }) => status);
  return [...byStatus].map(([status, { length }]) => `${length} ${status}`).join(", ");
}
