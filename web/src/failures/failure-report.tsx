import { Link } from "wouter";
import { Table } from "../components/table.tsx";
import { counted } from "../executions/bulk/counted.ts";
import { shortId } from "../executions/short-id.ts";

export interface ReportedItem {
  readonly executionId: string;
  /** The execution that was started. */
  readonly newId: string | undefined;
  readonly error: string | undefined;
}

/** What a retry or a fork of the executions of a failure did with each. */
export function FailureReport({
  verb,
  items,
}: {
  readonly verb: "retried" | "forked";
  readonly items: readonly ReportedItem[];
}) {
  const refused = items.filter(({ newId }) => newId === undefined);
  const started = verb === "retried" ? "Retried as" : "Forked as";
  return (
    <>
      <p role="status">
        {counted(items.length - refused.length)} {verb}, {refused.length} failed.
      </p>
      {items.length === 0 ? null : (
        <div className="bulk-list">
          <Table label="Report" dense columns={["Execution", "Outcome"]}>
            {items.map(({ executionId, newId, error }) => (
              <tr key={executionId}>
                <th scope="row">
                  <Link href={`/executions/${executionId}`} className="mono">
                    {shortId(executionId)}
                  </Link>
                </th>
                <td>
                  {newId === undefined ? (
                    <>
                      <strong className="bad">Failed:</strong> {error ?? "Already retried or deleted"}
                    </>
                  ) : (
                    <>
                      {started}{" "}
                      <Link href={`/executions/${newId}`} className="mono">
                        {shortId(newId)}
                      </Link>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        </div>
      )}
    </>
  );
}
