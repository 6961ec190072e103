import type { FailureGroup, Schemas } from "#client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { Dialog } from "../components/dialog.tsx";
import { RadioField } from "../components/field.tsx";
import { FormError } from "../components/form-errors.ts";
import type { RetryFrom } from "../executions/bulk/bulk-action.ts";
import { counted } from "../executions/bulk/counted.ts";
import { RetryFromField } from "../executions/bulk/retry-from-field.tsx";
import { FailureReport } from "./failure-report.tsx";
import { LimitField, limitErrors, maxExecutions } from "./limit-field.tsx";

type RetriedItem = Schemas["RetriedExecutions"]["items"][number];

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
  const [limit, setLimit] = useState(String(Math.min(count, maxExecutions)));
  const [items, setItems] = useState<readonly RetriedItem[]>();
  const queries = useQueryClient();
  const retry = async () => {
    const errors = limitErrors(limit);
    if (errors.length > 0) throw new FormError(errors);
    const answer = await api.post("/failures/{failureId}/retry", {
      params: { path: { failureId } },
      // A retry from the failed step keeps the version, because its journal belongs to it.
      body: { from, version: from === "start" ? version : "same", limit: Number(limit), since },
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
          <LimitField value={limit} onChange={setLimit} />
        </>
      ) : (
        <FailureReport
          verb="retried"
          items={items.map(({ executionId, retryExecutionId, error }) => ({
            executionId,
            newId: retryExecutionId,
            error: error?.detail,
          }))}
        />
      )}
    </Dialog>
  );
}
