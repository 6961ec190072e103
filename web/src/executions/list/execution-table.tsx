import type { ExecutionSummary } from "#client";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { isFinal } from "#domain/execution.ts";
import { Status } from "../../components/status.tsx";
import { Table } from "../../components/table.tsx";
import { formatDuration } from "#base/duration-text.ts";
import { RelativeTime } from "../../time/moment.tsx";
import { useNow } from "../../time/now.ts";
import type { Selection } from "../bulk/use-selection.ts";
import { shortId } from "../short-id.ts";
import { Tags } from "../tags.tsx";
import { ErrorText } from "./error-text.tsx";

const columns = [
  { hidden: "Selected" },
  "Execution",
  "Status",
  "Error",
  "Version",
  "Entry point",
  "Created",
  "Duration",
];

/** Executions as rows. A click in a row opens the execution; a checkbox selects it. */
export function ExecutionTable({
  items,
  ofWorkflow,
  selection,
  bar,
}: {
  readonly items: readonly ExecutionSummary[];
  readonly ofWorkflow: boolean;
  readonly selection: Selection;
  readonly bar: ReactNode;
}) {
  const now = useNow();
  return (
    <Table label="Executions" columns={columns} dense bar={bar}>
      {items.map((execution) => (
        <ExecutionRow
          key={execution.executionId}
          execution={execution}
          ofWorkflow={ofWorkflow}
          selection={selection}
          now={now}
        />
      ))}
    </Table>
  );
}

function ExecutionRow({
  execution,
  ofWorkflow,
  selection,
  now,
}: {
  readonly execution: ExecutionSummary;
  readonly ofWorkflow: boolean;
  readonly selection: Selection;
  readonly now: number;
}) {
  const { executionId, workflowId, status, version, entryPoint, createdAt, completedAt, failure } = execution;
  const { scheduledAt, tags = [] } = execution;
  const end = completedAt === undefined ? now : Date.parse(completedAt);
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          className="row-check"
          aria-label={`Select ${workflowId} ${shortId(executionId)}`}
          checked={selection.has(executionId)}
          onChange={({ nativeEvent }) =>
            selection.toggle(executionId, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
          }
        />
      </td>
      <th scope="row">
        <Link href={`/executions/${executionId}`} className="execution-link">
          {ofWorkflow ? null : <span>{workflowId}</span>}
          <span className={ofWorkflow ? "mono" : "mono faint"}>{shortId(executionId)}</span>
        </Link>
        <Tags tags={tags} />
      </th>
      <td>
        <Status status={status} />
      </td>
      <td>{failure === undefined || status === "cancelled" ? null : <ErrorText error={failure} />}</td>
      <td>{version}</td>
      <td className="mono">{entryPoint}</td>
      <td className="soft">
        <RelativeTime at={createdAt} now={now} />
      </td>
      <td className={isFinal(status) ? "nowrap" : "nowrap soft"}>
        {scheduledAt === undefined ? (
          <>
            {formatDuration(Math.max(0, end - Date.parse(createdAt)))}
            {isFinal(status) ? "" : "…"}
          </>
        ) : (
          <>
            starts <RelativeTime at={scheduledAt} now={now} />
          </>
        )}
      </td>
    </tr>
  );
}
