import type { Execution } from "#client";
import { Link } from "wouter";
import { isFinal } from "#domain/execution.ts";
import { Logs } from "../../components/logs.tsx";
import { Problem } from "../../components/problem.tsx";
import { Timeline } from "../../components/timeline.tsx";
import { useLogLines } from "../../executions/log-lines.ts";
import { OpenCallbacks } from "../../executions/open-callbacks.tsx";
import { useExecution } from "../../executions/queries.ts";
import { ScheduledNotice } from "../../executions/scheduled-notice.tsx";
import { useNow } from "../../time/now.ts";
import type { Place } from "../monaco/code-editor.tsx";
import { Outcome } from "../panel/outcome.tsx";
import { RunStatus } from "../panel/run-status.tsx";
import type { Started } from "./execute-api.ts";
import { LiveExecutionActions } from "./live-execution-actions.tsx";

/** One execution, polled until it ends. */
export function LiveExecution({
  started: { executionId, isReplayed },
  onRetried,
  onGo,
}: {
  readonly started: Started;
  readonly onRetried: (started: Started) => void;
  readonly onGo: (place: Place) => void;
}) {
  const { data, error, refetch } = useExecution(executionId);
  const { lines } = useLogLines(executionId);
  return (
    <section className="stack" aria-label="Execution">
      {isReplayed ? <p className="soft">Existing execution for this idempotency key</p> : null}
      {error === null ? null : <Problem error={error} onRetry={() => void refetch()} />}
      {data === undefined ? null : (
        <>
          <div className="row">
            <RunStatus status={data.status} waitingFor={isFinal(data.status) ? [] : data.waitingFor} />
            <Link href={`/executions/${executionId}`} className="push">
              Open execution
            </Link>
          </div>
          <ScheduledNotice execution={data} />
          {isFinal(data.status) ? null : <OpenCallbacks execution={data} />}
          <LiveExecutionActions execution={data} onRetried={onRetried} />
          <div className="run-results">
            {data.status === "completed" ? <Outcome result={data.result} onGo={onGo} /> : null}
            {data.failure === undefined ? null : <Outcome failure={data.failure} onGo={onGo} />}
            <div className="stack">
              {data.scheduledAt === undefined ? <ExecutionTimeline execution={data} /> : null}
              {lines.length === 0 ? null : <Logs lines={lines} />}
            </div>
          </div>
        </>
      )}
    </section>
  );
}

function ExecutionTimeline({ execution }: { readonly execution: Execution }) {
  const { executionId, status, steps, createdAt, completedAt, modifiedAt } = execution;
  const hasEnded = isFinal(status);
  const now = useNow(!hasEnded, 500);
  return (
    <Timeline
      executionId={executionId}
      steps={steps}
      now={hasEnded ? Date.parse(completedAt ?? modifiedAt) : now}
      begin={Date.parse(createdAt)}
      hasEnded={hasEnded}
      hasFailed={status === "failed"}
    />
  );
}
