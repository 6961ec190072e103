import type { ExecutionSummary } from "#client";
import { Button } from "../../components/button.tsx";
import { Table } from "../../components/table.tsx";
import { Moment } from "../../time/moment.tsx";
import { ErrorText } from "../list/error-text.tsx";
import { shortId } from "../short-id.ts";

/** The executions that a bulk retry would retry. Each can be deselected. */
export function CandidateTable({
  executions,
  excluded,
  onExclude,
  onMore,
}: {
  readonly executions: readonly ExecutionSummary[];
  /** IDs of deselected executions. */
  readonly excluded: ReadonlySet<string>;
  readonly onExclude: (excluded: ReadonlySet<string>) => void;
  /** Loads older executions; `undefined` if there are none. */
  readonly onMore: (() => void) | undefined;
}) {
  const toggle = (id: string) => onExclude(new Set(excluded).symmetricDifference(new Set([id])));
  const isAny = executions.some(({ executionId }) => !excluded.has(executionId));
  return (
    <>
      <div className="row">
        <Button
          size="small"
          onClick={() => onExclude(isAny ? new Set(executions.map((each) => each.executionId)) : new Set())}
        >
          {isAny ? "Select none" : "Select all"}
        </Button>
        {onMore === undefined ? null : (
          <Button size="small" onClick={onMore}>
            Load more
          </Button>
        )}
      </div>
      <div className="bulk-list">
        <Table label="Executions to retry" columns={["Execution", "Version", "Error", "Created"]}>
          {executions.map(({ executionId, workflowId, version, failure, createdAt }) => (
            <tr key={executionId}>
              <th scope="row">
                <label className="row">
                  <input
                    type="checkbox"
                    checked={!excluded.has(executionId)}
                    onChange={() => toggle(executionId)}
                  />
                  {workflowId} <span className="mono faint">{shortId(executionId)}</span>
                </label>
              </th>
              <td>{version}</td>
              <td>{failure === undefined ? null : <ErrorText error={failure} />}</td>
              <td className="soft">
                <Moment at={createdAt} />
              </td>
            </tr>
          ))}
        </Table>
      </div>
    </>
  );
}
