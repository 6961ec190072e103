import type { FailureGroup } from "#client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api } from "../api.ts";
import { Dialog } from "../components/dialog.tsx";
import { RadioField, TextField } from "../components/field.tsx";
import { FormError } from "../components/form-errors.ts";
import { Table } from "../components/table.tsx";
import type { RetryFrom } from "../executions/bulk/bulk-action.ts";
import { counted } from "../executions/bulk/counted.ts";
import { RetryFromField } from "../executions/bulk/retry-from-field.tsx";
import { shortId } from "../executions/short-id.ts";

interface Item {
  readonly executionId: string;
  readonly retryExecutionId?: string;
  readonly error?: { readonly detail: string };
}

/** The maximum of one request. */
const maxRetries = 100;

/** Retries the executions of a failure, newest first: shows their number before, and each outcome after. */
export function RetryFailureDialog({
  failure: { failureId, name, workflowId, count },
  since,
  onClose,
}: {
  readonly failure: FailureGroup;
  readonly since: string;
  readonly onClose: () => void;
}) {
  const [from, setFrom] = useState<RetryFrom>("failed-step");
  const [version, setVersion] = useState<"same" | "current">("current");
  const [limit, setLimit] = useState(String(Math.min(count, maxRetries)));
  const [items, setItems] = useState<readonly Item[]>();
  const queries = useQueryClient();
  const retry = async () => {
    const number = /^[1-9]\d{0,3}$/.test(limit) ? Number(limit) : undefined;
    if (number === undefined) throw new FormError([{ pointer: "#/limit", detail: "Enter a whole number." }]);
    const answer = await api.post("/failures/{failureId}/retry", {
      params: { path: { failureId } },
      // A retry from the failed step keeps the version, because its journal belongs to it.
      body: { from, version: from === "start" ? version : "same", limit: number, since },
    });
    setItems(answer.items);
    await queries.invalidateQueries({ queryKey: ["failures"] });
  };
  return (
    <Dialog
      title={`Retry ${name} of ${workflowId}`}
      {...(items === undefined ? { submit: "Retry" } : { wide: true })}
      staysOpen
      onSubmit={retry}
      onClose={onClose}
    >
      {items === undefined ? (
        <>
          <p>{counted(count)} failed with this cause. Those that have been retried already are left alone.</p>
          <RetryFromField value={from} onChange={setFrom} />
          {from === "start" ? (
            <RadioField
              label="Version"
              value={version}
              onChange={setVersion}
              options={[
                { value: "current", label: "Current version" },
                { value: "same", label: "Same version" },
              ]}
            />
          ) : null}
          <TextField
            label="At most"
            at="#/limit"
            value={limit}
            onChange={setLimit}
            hint="Newest first. Begin with one to see whether the cause is gone."
          />
        </>
      ) : (
        <Report items={items} />
      )}
    </Dialog>
  );
}

function Report({ items }: { readonly items: readonly Item[] }) {
  const refused = items.filter(({ retryExecutionId }) => retryExecutionId === undefined);
  return (
    <>
      <p role="status">
        {counted(items.length - refused.length)} retried, {refused.length} failed.
      </p>
      {items.length === 0 ? null : (
        <div className="bulk-list">
          <Table label="Report" dense columns={["Execution", "Outcome"]}>
            {items.map(({ executionId, retryExecutionId, error }) => (
              <tr key={executionId}>
                <th scope="row">
                  <Link href={`/executions/${executionId}`} className="mono">
                    {shortId(executionId)}
                  </Link>
                </th>
                <td>
                  {retryExecutionId === undefined ? (
                    <>
                      <strong className="bad">Failed:</strong> {error?.detail ?? "Already retried or deleted"}
                    </>
                  ) : (
                    <>
                      Retried as{" "}
                      <Link href={`/executions/${retryExecutionId}`} className="mono">
                        {shortId(retryExecutionId)}
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
