import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../../components/dialog.tsx";
import { RadioField } from "../../components/field.tsx";
import { Loading } from "../../components/loading.tsx";
import { Problem } from "../../components/problem.tsx";
import type { ExecutionFilter } from "../filter.ts";
import { CandidateTable } from "./candidate-table.tsx";
import { RetryReport } from "./retry-report.tsx";
import { counted } from "./counted.ts";
import { useBulkRetry } from "./use-bulk-retry.ts";
import { useCandidates } from "./use-candidates.ts";
import "./retry-all.css";

/** Retries the executions that match a filter: shows the selection, then the progress, then each outcome. */
export function RetryAllDialog({
  filter,
  status,
  onClose,
}: {
  readonly filter: ExecutionFilter;
  readonly status: "failed" | "cancelled";
  readonly onClose: () => void;
}) {
  const [from, setFrom] = useState<"start" | "failed-step">(status === "failed" ? "failed-step" : "start");
  const [excluded, setExcluded] = useState<ReadonlySet<string>>(new Set());
  const candidates = useCandidates(filter);
  const retry = useBulkRetry();
  const queries = useQueryClient();
  const found = candidates.items ?? [];
  const chosen = found.filter(({ executionId }) => !excluded.has(executionId));
  const isChoosing = retry.phase === "idle";
  const executions = isChoosing ? chosen : retry.rest;
  const submit = async () => {
    await retry.run({ executions, from, status });
    await queries.invalidateQueries({ queryKey: ["executions"] });
  };
  return (
    <Dialog
      title={`Retry ${status} executions`}
      wide
      staysOpen
      {...submitLabel(retry.phase, executions.length)}
      refusal={isChoosing && chosen.length === 0 ? "Select at least one execution." : undefined}
      onSubmit={submit}
      onClose={onClose}
    >
      {!isChoosing ? (
        <RetryReport retry={retry} />
      ) : candidates.items === undefined ? (
        candidates.error === null ? (
          <Loading what="selection" />
        ) : (
          <Problem error={candidates.error} />
        )
      ) : found.length === 0 ? (
        <p>No executions to retry. All matching executions have been retried already.</p>
      ) : (
        <>
          <p>
            {candidates.more === undefined ? "" : "More than "}
            {counted(found.length)} {found.length === 1 ? "matches" : "match"} the filter and{" "}
            {found.length === 1 ? "has" : "have"} not been retried. {chosen.length.toLocaleString("en")}{" "}
            selected.
          </p>
          {status === "failed" ? <BeginField value={from} onChange={setFrom} /> : null}
          <CandidateTable
            executions={found}
            excluded={excluded}
            onExclude={setExcluded}
            onMore={candidates.more}
          />
        </>
      )}
    </Dialog>
  );
}

/** Submitting is disabled while requests are in flight and when no executions remain. */
function submitLabel(phase: "idle" | "running" | "ended", count: number): { readonly submit?: string } {
  if (phase === "running" || (phase === "ended" && count === 0)) return {};
  return { submit: phase === "idle" ? `Retry ${counted(count)}` : `Continue with the remaining ${count}` };
}

function BeginField({
  value,
  onChange,
}: {
  readonly value: "start" | "failed-step";
  readonly onChange: (value: "start" | "failed-step") => void;
}) {
  return (
    <RadioField
      label="Start from"
      value={value}
      onChange={onChange}
      options={[
        {
          value: "failed-step",
          label: "The failed step",
          hint: "Reuses the results of completed steps.",
        },
        { value: "start", label: "The beginning" },
      ]}
    />
  );
}
