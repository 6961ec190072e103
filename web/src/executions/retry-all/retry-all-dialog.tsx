import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../../components/dialog.tsx";
import { Loading } from "../../components/loading.tsx";
import { Problem } from "../../components/problem.tsx";
import { bulkActions } from "../bulk/bulk-action.ts";
import type { RetryFrom } from "../bulk/bulk-action.ts";
import { submitLabel } from "../bulk/bulk-dialog.tsx";
import { BulkReport } from "../bulk/bulk-report.tsx";
import { counted } from "../bulk/counted.ts";
import { RetryFromField } from "../bulk/retry-from-field.tsx";
import { useBulkRun } from "../bulk/use-bulk-run.ts";
import type { ExecutionFilter } from "../filters/filter.ts";
import { CandidateTable } from "./candidate-table.tsx";
import { useCandidates } from "./use-candidates.ts";

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
  const [from, setFrom] = useState<RetryFrom>(status === "failed" ? "failed-step" : "start");
  const [excluded, setExcluded] = useState<ReadonlySet<string>>(new Set());
  const candidates = useCandidates(filter);
  const run = useBulkRun();
  const queries = useQueryClient();
  const found = candidates.items ?? [];
  const chosen = found.filter(({ executionId }) => !excluded.has(executionId));
  const isChoosing = run.phase === "idle";
  const submit = async () => {
    await run.run(isChoosing ? chosen : run.rest, async (batch) => await bulkActions.retry.run(batch, from));
    await queries.invalidateQueries({ queryKey: ["executions"] });
  };
  return (
    <Dialog
      title={`Retry ${status} executions`}
      wide
      staysOpen
      {...submitLabel("Retry", run, chosen.length)}
      refusal={isChoosing && chosen.length === 0 ? "Select at least one execution." : undefined}
      onSubmit={submit}
      onClose={onClose}
    >
      {!isChoosing ? (
        <BulkReport run={run} done="retried" />
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
          {status === "failed" ? <RetryFromField value={from} onChange={setFrom} /> : null}
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
