import type { ExecutionSummary } from "#client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../../components/dialog.tsx";
import { bulkActions } from "./bulk-action.ts";
import type { BulkActionName, RetryFrom } from "./bulk-action.ts";
import { BulkReport } from "./bulk-report.tsx";
import { counted } from "./counted.ts";
import { RetryFromField } from "./retry-from-field.tsx";
import { useBulkRun } from "./use-bulk-run.ts";
import type { BulkRun } from "./use-bulk-run.ts";

/** Acts on the selected executions: shows how many and of which workflows, then the progress, then each outcome. */
export function BulkDialog({
  name,
  selected,
  onClose,
}: {
  readonly name: BulkActionName;
  readonly selected: readonly ExecutionSummary[];
  /** @param hasRun whether the action was started */
  readonly onClose: (hasRun: boolean) => void;
}) {
  const action = bulkActions[name];
  // Frozen, because the list behind the dialog is updated while it is open.
  const [executions] = useState(() => selected.filter(({ status }) => action.appliesTo(status)));
  const [left] = useState(selected.length - executions.length);
  const [from, setFrom] = useState<RetryFrom>("failed-step");
  const run = useBulkRun();
  const queries = useQueryClient();
  const isChoosing = run.phase === "idle";
  const submit = async () => {
    await run.run(isChoosing ? executions : run.rest, async (batch) => await action.run(batch, from));
    await queries.invalidateQueries({ queryKey: ["executions"] });
  };
  return (
    <Dialog
      title={`${action.verb} ${counted(executions.length)}`}
      wide={!isChoosing}
      danger={action.isDangerous}
      staysOpen
      {...submitLabel(action.verb, run, executions.length)}
      onSubmit={submit}
      onClose={() => onClose(!isChoosing)}
    >
      {isChoosing ? (
        <>
          <p>{action.about}</p>
          <WorkflowCounts executions={executions} />
          {left === 0 ? null : (
            <p className="soft">
              {left} of the {selected.length} selected {left === 1 ? "is" : "are"} left alone: {action.others}
              .
            </p>
          )}
          {name === "retry" && executions.some(({ status }) => status === "failed") ? (
            <RetryFromField value={from} onChange={setFrom} />
          ) : null}
        </>
      ) : (
        <BulkReport run={run} done={action.done} />
      )}
    </Dialog>
  );
}

/** Submitting is disabled while requests are in flight and when no executions remain. */
export function submitLabel(
  verb: string,
  { phase, rest }: BulkRun,
  chosen: number,
): { readonly submit?: string } {
  if (phase === "idle") return { submit: `${verb} ${counted(chosen)}` };
  if (phase === "running" || rest.length === 0) return {};
  return { submit: `Continue with the remaining ${rest.length}` };
}

/** How many executions of each workflow; most first. */
function WorkflowCounts({ executions }: { readonly executions: readonly ExecutionSummary[] }) {
  const byWorkflow = [...Map.groupBy(executions, ({ workflowId }) => workflowId)];
  return (
    <ul className="bullets" aria-label="Executions by workflow">
      {byWorkflow
        .toSorted(([, one], [, other]) => other.length - one.length)
        .map(([workflowId, { length }]) => (
          <li key={workflowId}>
            {counted(length)} of <strong>{workflowId}</strong>
          </li>
        ))}
    </ul>
  );
}
