import type { ExecutionStatus } from "#client";
import "./status.css";

/** How an execution is, in one word, with a colour that says the same. */
export function Status({ status }: { readonly status: ExecutionStatus }) {
  return (
    <span className="status" data-status={status}>
      <span className="status-dot" aria-hidden />
      {status}
    </span>
  );
}
