import type { ExecutionStatus } from "#client";
import type { PreviewStatus } from "#preview/contract/preview.ts";
import { Status } from "../../components/status.tsx";
import { Waited } from "../../time/waited.tsx";

/** The status of a run and what it waits for, announced when it changes. */
export function RunStatus({
  status,
  waitingFor,
}: {
  readonly status: ExecutionStatus | PreviewStatus;
  readonly waitingFor: readonly string[];
}) {
  return (
    <span className="run-status" role="status">
      <Status status={status === "waiting" ? "suspended" : status} />
      {waitingFor.length === 0 ? null : (
        <span className="soft small">
          waits for{" "}
          {waitingFor.map((each, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- it may wait for the same twice
            <span key={index}>
              {index === 0 ? "" : ", "}
              <Waited text={each} />
            </span>
          ))}
        </span>
      )}
    </span>
  );
}
