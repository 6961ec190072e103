import type { ExecutionStatus } from "#client";
import "./status.css";

/** The status of an execution with its colour. */
export function Status({ status }: { readonly status: ExecutionStatus }) {
  return (
    <span className="status" data-status={status}>
      <span className="status-dot" aria-hidden />
      {status}
    </span>
  );
}
