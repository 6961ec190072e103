import type { QueueDetail } from "#client";
import { Link } from "wouter";
import { hasCode } from "../api.ts";
import { Facts } from "../components/facts.tsx";
import { Icon } from "../components/icon.tsx";
import { Loading } from "../components/loading.tsx";
import { Empty, Page, Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Table } from "../components/table.tsx";
import { shortId } from "../executions/short-id.ts";
import { QueueActions } from "../queues/queue-actions.tsx";
import { QueueState } from "../queues/queue-state.tsx";
import { limitsText, nameOf, workflowOf } from "../queues/queue-text.ts";
import { useQueue } from "../queues/queues-api.ts";
import { Slots } from "../queues/slots.tsx";
import { useRefusal } from "../session/session.tsx";
import { formatDuration } from "#base/duration-text.ts";
import { Moment } from "../time/moment.tsx";
import { useNow } from "../time/now.ts";
import { Refused } from "./refused.tsx";
import "./execution.css";
import "../queues/queues.css";

/** One queue: what runs, what waits and why, and what an operator can do. */
export function Queue({ queueId }: { readonly queueId: string }) {
  const refusal = useRefusal("executions:read");
  if (refusal !== undefined) return <Refused title="Queue" refusal={refusal} />;
  return <QueuePage queueId={queueId} />;
}

function QueuePage({ queueId }: { readonly queueId: string }) {
  const { data, error, refetch } = useQueue(queueId);
  if (data === undefined) {
    return (
      <Page title="Queue">
        {error === null ? (
          <Loading what="queue" />
        ) : hasCode(error, "queue-not-found") ? (
          <Empty
            title={`No queue ${queueId}`}
            action={
              <Link className="button" href="/queues">
                Back to queues
              </Link>
            }
          />
        ) : (
          <Problem error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  }
  const { kind, name } = nameOf(queueId);
  return (
    <Page
      title={name}
      heading={
        <span className="row">
          {name}
          <QueueState queue={data} />
        </span>
      }
      actions={<QueueActions queue={data} />}
      intro={`${kind}: ${limitsText(data.limits)}`}
    >
      {error === null ? null : <Problem error={error} />}
      <Notices queue={data} />
      <QueueFacts queue={data} />
      <Keys queue={data} />
      <div className="queue-members">
        <Members title="Running" about="Executions that hold a slot." members={data.holders} />
        <Members title="Waiting" about="Oldest first." members={data.waiting} />
      </div>
    </Page>
  );
}

function Notices({ queue: { paused, draining, heldUntil, override } }: { readonly queue: QueueDetail }) {
  return (
    <>
      {paused === undefined ? null : <StopNotice what="Paused" note={paused} />}
      {draining === undefined ? null : <StopNotice what="Draining" note={draining} />}
      {heldUntil === undefined ? null : (
        <div className="notice">
          <Icon name="clock" />
          <p>
            The host asked its callers to wait until <Moment at={heldUntil} />.
          </p>
        </div>
      )}
      {override === undefined ? null : (
        <div className="notice" data-kind="warn">
          <Icon name="gear" />
          <p>Limits are overridden: {limitsText(override)}.</p>
        </div>
      )}
    </>
  );
}

function StopNotice({
  what,
  note: { at, by, note },
}: {
  readonly what: string;
  readonly note: NonNullable<QueueDetail["paused"]>;
}) {
  return (
    <div className="notice" data-kind="warn">
      <Icon name="pause" />
      <p>
        {what} {by === undefined ? "" : `by ${by} `}since <Moment at={at} />
        {note === undefined || note === "" ? "." : `: ${note}`}
      </p>
    </div>
  );
}

function QueueFacts({ queue: { id, running, queued, limits } }: { readonly queue: QueueDetail }) {
  const workflow = workflowOf(id);
  return (
    <Facts
      facts={[
        ["Running", <Slots key="running" running={running} total={limits.total} />],
        [
          "Queued",
          workflow === undefined || queued === 0 ? (
            queued.toLocaleString("en")
          ) : (
            <Link key="queued" href={`/executions?workflow=${workflow}&status=queued`}>
              {queued.toLocaleString("en")}
            </Link>
          ),
        ],
        [
          "Workflow",
          workflow === undefined ? undefined : (
            <Link key="workflow" href={`/workflows/${workflow}`}>
              {workflow}
            </Link>
          ),
        ],
      ]}
    />
  );
}

function Keys({ queue: { byKey, limits } }: { readonly queue: QueueDetail }) {
  if (byKey.length === 0) return null;
  return (
    <Section title="By key" about="The keys with the most queued executions.">
      <Table label="By key" dense columns={["Key", "Running", "Queued"]}>
        {byKey.map(({ key, running, queued }) => (
          <tr key={key}>
            <th scope="row" className="mono">
              {key === "" ? <span className="faint">none</span> : key}
            </th>
            <td>
              <Slots running={running} total={limits.perKey} />
            </td>
            <td className="number">{queued.toLocaleString("en")}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

function Members({
  title,
  about,
  members,
}: {
  readonly title: string;
  readonly about: string;
  readonly members: QueueDetail["waiting"];
}) {
  const now = useNow(true, 1_000);
  if (members.length === 0) return null;
  return (
    <Section title={title} about={about}>
      <Table label={title} dense columns={["Execution", "Key", "For"]}>
        {members.slice(0, shownMembers).map(({ executionId, key, since }) => (
          <tr key={executionId}>
            <th scope="row">
              <Link href={`/executions/${executionId}`} className="execution-link mono">
                {shortId(executionId)}
              </Link>
            </th>
            <td className="mono">{key}</td>
            <td className="soft">{formatDuration(Math.max(0, now - Date.parse(since)))}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

const shownMembers = 20;
