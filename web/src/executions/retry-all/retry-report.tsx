import { Link } from "wouter";
import { Button } from "../../components/button.tsx";
import { Problem } from "../../components/problem.tsx";
import { Table } from "../../components/table.tsx";
import { shortId } from "../short-id.ts";
import { counted } from "./counted.ts";
import type { BulkRetry, RetryOutcome } from "./use-bulk-retry.ts";

/** The progress of a bulk retry and each outcome, failures first. */
export function RetryReport({ retry }: { readonly retry: BulkRetry }) {
  const { phase, total, outcomes, rest, error, stop } = retry;
  const [refused, restarted] = partition(outcomes);
  const isRunning = phase === "running";
  return (
    <>
      <div className="stack tight">
        {isRunning ? (
          <div className="row">
            <progress className="grow" aria-label="Retrying" max={total} value={outcomes.length} />
            <Button size="small" onClick={stop}>
              Stop
            </Button>
          </div>
        ) : null}
        <p role="status">
          {isRunning ? `${outcomes.length} of ${total} attempted: ` : ""}
          {counted(restarted.length)} retried, {refused.length} failed
          {!isRunning && rest.length > 0 ? `, ${rest.length} not attempted` : ""}.
        </p>
        {error === undefined ? null : <Problem error={error} />}
      </div>
      {isRunning || outcomes.length === 0 ? null : (
        <div className="retry-all-list">
          <Table label="Report" columns={["Execution", "Outcome"]}>
            {[...refused, ...restarted].map((outcome) => (
              <tr key={outcome.execution.executionId}>
                <th scope="row">
                  <Link href={`/executions/${outcome.execution.executionId}`}>
                    {outcome.execution.workflowId}{" "}
                    <span className="mono faint">{shortId(outcome.execution.executionId)}</span>
                  </Link>
                </th>
                <td>
                  {"retryExecutionId" in outcome ? (
                    <>
                      Retried as{" "}
                      <Link href={`/executions/${outcome.retryExecutionId}`} className="mono">
                        {shortId(outcome.retryExecutionId)}
                      </Link>
                    </>
                  ) : (
                    <>
                      <strong className="bad">Failed:</strong> {outcome.refused}
                    </>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        </div>
      )}
    </>
  );
}

function partition(
  outcomes: readonly RetryOutcome[],
): readonly [readonly RetryOutcome[], readonly RetryOutcome[]] {
  return [
    outcomes.filter((each) => "refused" in each),
    outcomes.filter((each) => "retryExecutionId" in each),
  ];
}
