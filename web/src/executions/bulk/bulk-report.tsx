import { Link } from "wouter";
import { Button } from "../../components/button.tsx";
import { Problem } from "../../components/problem.tsx";
import { Table } from "../../components/table.tsx";
import { shortId } from "../short-id.ts";
import type { BulkOutcome } from "./bulk-action.ts";
import { counted } from "./counted.ts";
import type { BulkRun } from "./use-bulk-run.ts";
import "./bulk.css";

/** The progress of a bulk action and each outcome, failures first. */
export function BulkReport({
  run: { phase, total, outcomes, rest, error, stop },
  done,
}: {
  readonly run: BulkRun;
  /** What was done with each: `retried`. */
  readonly done: string;
}) {
  const refused = outcomes.filter((each) => "refused" in each);
  const succeeded = outcomes.filter((each) => !("refused" in each));
  const isRunning = phase === "running";
  return (
    <>
      <div className="stack tight">
        {isRunning ? (
          <div className="row">
            <progress className="grow" aria-label="Progress" max={total} value={outcomes.length} />
            <Button size="small" onClick={stop}>
              Stop
            </Button>
          </div>
        ) : null}
        <p role="status">
          {isRunning ? `${outcomes.length} of ${total} attempted: ` : ""}
          {counted(succeeded.length)} {done}, {refused.length} failed
          {!isRunning && rest.length > 0 ? `, ${rest.length} not attempted` : ""}.
        </p>
        {error === undefined ? null : <Problem error={error} />}
      </div>
      {isRunning || outcomes.length === 0 ? null : (
        <div className="bulk-list">
          <Table label="Report" dense columns={["Execution", "Outcome"]}>
            {[...refused, ...succeeded].map((outcome) => (
              <OutcomeRow key={outcome.execution.executionId} outcome={outcome} done={done} />
            ))}
          </Table>
        </div>
      )}
    </>
  );
}

function OutcomeRow({ outcome, done }: { readonly outcome: BulkOutcome; readonly done: string }) {
  const { execution } = outcome;
  const name = (
    <>
      {execution.workflowId} <span className="mono faint">{shortId(execution.executionId)}</span>
    </>
  );
  return (
    <tr>
      <th scope="row">
        {done === "deleted" && !("refused" in outcome) ? (
          name
        ) : (
          <Link href={`/executions/${execution.executionId}`}>{name}</Link>
        )}
      </th>
      <td>
        <OutcomeText outcome={outcome} done={done} />
      </td>
    </tr>
  );
}

function OutcomeText({ outcome, done }: { readonly outcome: BulkOutcome; readonly done: string }) {
  if ("refused" in outcome) {
    return (
      <>
        <strong className="bad">Failed:</strong> {outcome.refused}
      </>
    );
  }
  if (outcome.retryExecutionId === undefined) return done;
  return (
    <>
      Retried as{" "}
      <Link href={`/executions/${outcome.retryExecutionId}`} className="mono">
        {shortId(outcome.retryExecutionId)}
      </Link>
    </>
  );
}
