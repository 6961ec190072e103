import type { Execution as ExecutionBody } from "#client";
import { Link } from "wouter";
import { useAbout } from "../about.ts";
import { hasCode } from "../api.ts";
import { CopyButton } from "../components/copy-button.tsx";
import { Facts } from "../components/facts.tsx";
import { FailureView } from "../components/failure.tsx";
import { Icon } from "../components/icon.tsx";
import { JsonView } from "../components/json-view.tsx";
import { Loading } from "../components/loading.tsx";
import { Logs } from "../components/logs.tsx";
import { Empty, Page, Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { isFinal } from "#domain/execution.ts";
import { Status } from "../components/status.tsx";
import { ExecutionActions } from "../executions/actions.tsx";
import { FailureSection } from "../executions/failure-section.tsx";
import { QueueNotice } from "../executions/queue-notice.tsx";
import { OpenCallbacks } from "../executions/open-callbacks.tsx";
import { useLogLines } from "../executions/log-lines.ts";
import { ExecutionSteps } from "../executions/steps/execution-steps.tsx";
import { useExecution } from "../executions/queries.ts";
import { ScheduledNotice } from "../executions/scheduled-notice.tsx";
import { shortId } from "../executions/short-id.ts";
import { TagLinks } from "../executions/tags.tsx";
import { useOpensRestate, useRefusal } from "../session/session.tsx";
import { formatDuration } from "#base/duration-text.ts";
import { Moment } from "../time/moment.tsx";
import { useNow } from "../time/now.ts";
import { Waited } from "../time/waited.tsx";
import { Refused } from "./refused.tsx";
import "./execution.css";

/** One execution: status, steps, console output and actions. */
export function Execution({ executionId }: { readonly executionId: string }) {
  const refusal = useRefusal("executions:read");
  if (refusal !== undefined) return <Refused title="Execution" refusal={refusal} />;
  return <ExecutionPage executionId={executionId} />;
}

function ExecutionPage({ executionId }: { readonly executionId: string }) {
  const { data, error, refetch } = useExecution(executionId);
  if (data === undefined && hasCode(error, "execution-not-found"))
    return <ExecutionNotFound executionId={executionId} />;
  if (data === undefined) {
    return (
      <Page title="Execution">
        {error === null ? (
          <Loading what="execution" />
        ) : (
          <Problem error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  }
  const isScheduled = data.scheduledAt !== undefined;
  return (
    <Page
      title={`${data.workflowId}: ${data.status}`}
      heading={
        <span className="row">
          <Link href={`/workflows/${data.workflowId}`} className="execution-workflow">
            {data.workflowId}
          </Link>
          <Status status={data.status} />
        </span>
      }
      actions={<ExecutionActions execution={data} />}
      intro={
        <p className="row">
          <code className="execution-id">{executionId}</code>
          <CopyButton text={() => executionId} what="execution ID" />
          <RestateLink executionId={executionId} />
        </p>
      }
    >
      <p className="visually-hidden" role="status">
        Execution {data.status}
      </p>
      {error === null ? null : <Problem error={error} />}
      <ExecutionFacts execution={data} />
      <ScheduledNotice execution={data} />
      <QueueNotice execution={data} />
      {isScheduled ? null : <BlockedReason execution={data} />}
      <div className="execution-values" data-failed={data.failure === undefined ? undefined : true}>
        <FailureSection execution={data} />
        {"result" in data ? <JsonView value={data.result} label="Result" /> : null}
        <JsonView value={data.input} label="Input" />
      </div>
      {isScheduled ? null : <StepsAndConsole execution={data} />}
    </Page>
  );
}

function ExecutionNotFound({ executionId }: { readonly executionId: string }) {
  return (
    <Page title="Execution not found">
      <Empty
        title="No execution with this ID"
        action={
          <Link className="button" href="/executions">
            Back to executions
          </Link>
        }
      >
        <code>{executionId}</code> may have been deleted, manually or at the end of its retention period. A
        scheduled execution is not kept either once it was cancelled.
      </Empty>
    </Page>
  );
}

function ExecutionFacts({ execution }: { readonly execution: ExecutionBody }) {
  const { version, entryPoint, createdAt, completedAt, caller, parent, retryOf, forkOf, status } = execution;
  const { schedule, scheduledAt, tags = [] } = execution;
  const now = useNow(!isFinal(status));
  const end = completedAt === undefined ? now : Date.parse(completedAt);
  return (
    <Facts
      facts={[
        ["Version", version],
        ["Entry point", entryPoint === undefined ? undefined : <code key="entry">{entryPoint}</code>],
        ["Tags", tags.length === 0 ? undefined : <TagLinks key="tags" tags={tags} />],
        ["Created", <Moment key="created" at={createdAt} />],
        [
          isFinal(status) ? "Duration" : status === "queued" ? "Queued for" : "Running for",
          scheduledAt === undefined ? formatDuration(Math.max(0, end - Date.parse(createdAt))) : undefined,
        ],
        ["Started by", caller?.name],
        [
          "Schedule",
          schedule === undefined ? undefined : (
            <Link key="schedule" href={`/schedules/${encodeURIComponent(schedule.id)}`}>
              {schedule.id}
            </Link>
          ),
        ],
        ["Attempts", execution.attempts > 1 ? execution.attempts : undefined],
        ["Fuel", execution.fuelUsed?.toLocaleString("en")],
        [
          "Parent",
          parent === undefined ? undefined : (
            <Other key="parent" id={parent.executionId} text={parent.workflowId} />
          ),
        ],
        ["Retry of", retryOf === undefined ? undefined : <Other key="from" id={retryOf} />],
        ["Retried as", listed(execution.retries.map((id) => <Other key={id} id={id} />))],
        ["Fork of", forkOf === undefined ? undefined : <Other key="origin" id={forkOf} />],
        ["Forked as", listed((execution.forks ?? []).map((id) => <Other key={id} id={id} />))],
        [
          "Children",
          listed(
            execution.children
              .slice(0, 20)
              .map(({ executionId, workflowId }) => (
                <Other key={executionId} id={executionId} text={workflowId} />
              )),
          ),
        ],
      ]}
    />
  );
}

function listed(items: readonly React.ReactNode[]) {
  return items.length === 0 ? undefined : <span className="row">{items}</span>;
}

function Other({ id, text }: { readonly id: string; readonly text?: string }) {
  return <Link href={`/executions/${id}`}>{text ?? shortId(id)}</Link>;
}

/** What the execution waits for, or why it is blocked. */
function BlockedReason({ execution }: { readonly execution: ExecutionBody }) {
  const { lastFailure, waitingFor } = execution;
  if (lastFailure !== undefined) {
    return (
      <div className="notice" data-kind="warn">
        <Icon name="alert" />
        <div className="stack tight grow">
          <p>
            <strong>Attempt {lastFailure.attempts} failed.</strong>{" "}
            {lastFailure.nextAttemptAt === undefined ? (
              "It waits to be resumed."
            ) : (
              <>
                The next one is at <Moment at={lastFailure.nextAttemptAt} />.
              </>
            )}
          </p>
          <p>{lastFailure.hint}</p>
          <FailureView failure={lastFailure} />
        </div>
      </div>
    );
  }
  if (waitingFor.length === 0) return null;
  return (
    <div className="notice" data-kind="wait">
      <Icon name="clock" />
      <div className="stack tight grow">
        <p>
          Waits for{" "}
          {waitingFor.slice(0, namedWaits).map((each, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- it may wait for the same twice
            <span key={index}>
              {index === 0 ? "" : ", or "}
              <Waited text={each} />
            </span>
          ))}
          {waitingFor.length > namedWaits ? `, or ${waitingFor.length - namedWaits} more` : ""}
        </p>
        <OpenCallbacks execution={execution} />
      </div>
    </div>
  );
}

/** Further ones are only counted. */
const namedWaits = 5;

function StepsAndConsole({ execution }: { readonly execution: ExecutionBody }) {
  const { lines, isLive, error } = useLogLines(execution.executionId);
  const hasEnded = isFinal(execution.status);
  return (
    <>
      <ExecutionSteps execution={execution} lines={lines} />
      <Section title="Console">
        {error === undefined ? null : <Problem error={error} />}
        {/* Not shown as empty while lines are loading. */}
        {hasEnded && isLive && lines.length === 0 ? (
          <Loading what="console" />
        ) : (
          <Logs lines={lines} isLive={isLive && !hasEnded} />
        )}
      </Section>
    </>
  );
}

/** A link to the execution in the Restate UI, if the server has one. */
function RestateLink({ executionId }: { readonly executionId: string }) {
  const opensRestate = useOpensRestate();
  const address = useAbout()?.links.restateUi;
  if (address === undefined || !opensRestate) return null;
  return (
    <a
      className="execution-restate"
      href={`${address}invocations/${executionId}`}
      target="_blank"
      rel="noreferrer"
    >
      Open in Restate <Icon name="external" size={14} />
    </a>
  );
}
