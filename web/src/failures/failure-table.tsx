import type { FailureGroup } from "#client";
import { useState } from "react";
import { Link } from "wouter";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { Table } from "../components/table.tsx";
import { shortId } from "../executions/short-id.ts";
import { useRefusal } from "../session/session.tsx";
import { Moment, RelativeTime } from "../time/moment.tsx";
import { useNow } from "../time/now.ts";
import "./failures.css";

const columns = ["Error", "Workflow", "Count", "Versions", "First seen", "Last seen"];

/** Failures by cause. A click in a row shows the details below it. */
export function FailureTable({
  failures,
  onRetry,
  onFork,
}: {
  readonly failures: readonly FailureGroup[];
  readonly onRetry: (failure: FailureGroup) => void;
  readonly onFork: (failure: FailureGroup) => void;
}) {
  const [openId, setOpenId] = useState<string>();
  const now = useNow(true, 5_000);
  return (
    <Table label="Failures" dense columns={columns}>
      {failures.map((failure) => {
        const isOpen = failure.failureId === openId;
        return [
          <FailureRow
            key={failure.failureId}
            failure={failure}
            now={now}
            isOpen={isOpen}
            onToggle={() => setOpenId(isOpen ? undefined : failure.failureId)}
          />,
          isOpen ? (
            <FailureDetails
              key={`${failure.failureId}-details`}
              failure={failure}
              onRetry={onRetry}
              onFork={onFork}
            />
          ) : null,
        ];
      })}
    </Table>
  );
}

function FailureRow({
  failure: { name, message, at, workflowId, count, versions, firstSeen, lastSeen },
  now,
  isOpen,
  onToggle,
}: {
  readonly failure: FailureGroup;
  readonly now: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}) {
  return (
    <tr>
      <th scope="row" className="failure-cause">
        <button
          type="button"
          className="execution-link failure-toggle"
          aria-expanded={isOpen}
          onClick={onToggle}
        >
          <Icon name={isOpen ? "down" : "right"} size={12} />
          <span className="truncate">
            <strong>{name}</strong>
            {message === "" ? "" : `: ${message}`}
          </span>
        </button>
        {at === undefined ? null : (
          <span className="mono faint failure-place">
            {at.file}:{at.line}
          </span>
        )}
      </th>
      <td>{workflowId}</td>
      <td className="number">{count.toLocaleString("en")}</td>
      <td>{versionsText(versions)}</td>
      <td className="soft">
        <RelativeTime at={firstSeen} now={now} />
      </td>
      <td className="soft">
        <RelativeTime at={lastSeen} now={now} />
      </td>
    </tr>
  );
}

function FailureDetails({
  failure,
  onRetry,
  onFork,
}: {
  readonly failure: FailureGroup;
  readonly onRetry: (failure: FailureGroup) => void;
  readonly onFork: (failure: FailureGroup) => void;
}) {
  const { workflowId, code, name, message, sample, lastExecutions, lastSeen } = failure;
  const refusal = useRefusal("executions:manage", workflowId);
  return (
    <tr className="failure-details">
      <td colSpan={columns.length} aria-label={`Details of ${name}`}>
        <div className="stack tight">
          <p className="failure-message">
            {name}: {message}
          </p>
          <p className="soft">
            <code>{code}</code>, last seen <Moment at={lastSeen} />
          </p>
          <p className="row">
            Last executions:
            {[...new Set([...lastExecutions, sample])].map((id) => (
              <Link key={id} href={`/executions/${id}`} className="mono">
                {shortId(id)}
              </Link>
            ))}
          </p>
          <p className="row">
            <Button size="small" icon="retry" refusal={refusal} onClick={() => onRetry(failure)}>
              Retry…
            </Button>
            <Button size="small" icon="fork" refusal={refusal} onClick={() => onFork(failure)}>
              Fork…
            </Button>
            <Link
              className="button"
              data-size="small"
              href={`/executions?workflow=${workflowId}&status=failed`}
            >
              All failed executions of {workflowId}
            </Link>
          </p>
        </div>
      </td>
    </tr>
  );
}

/** `1`, `3, 4`, or `2 to 9 (5)` for more than three. */
function versionsText(versions: readonly number[]): string {
  const sorted = versions.toSorted((one, other) => one - other);
  if (sorted.length <= 3) return sorted.join(", ");
  return `${sorted[0]} to ${sorted.at(-1)} (${sorted.length})`;
}
