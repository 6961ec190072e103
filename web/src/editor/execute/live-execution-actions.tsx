import type { Execution } from "#client";
import { useState } from "react";
import { isFinal } from "#domain/execution.ts";
import { Button } from "../../components/button.tsx";
import { useToast } from "../../components/toast.tsx";
import { EventDialog } from "../../executions/event-dialog.tsx";
import { useRefusal } from "../../session/session.tsx";
import { type Started, cancelExecution, retryExecution } from "./execute-api.ts";

/** The most frequent actions on a new execution. The view of the execution has all of them. */
export function LiveExecutionActions({
  execution,
  onRetried,
}: {
  readonly execution: Execution;
  readonly onRetried: (started: Started) => void;
}) {
  // One that has not started is moved and cancelled in its view, as it is gone afterwards.
  if (execution.scheduledAt !== undefined) return null;
  if (!isFinal(execution.status)) return <WhileItRuns execution={execution} />;
  if (execution.status === "completed") return null;
  return <OnceItFailed execution={execution} onRetried={onRetried} />;
}

function WhileItRuns({ execution }: { readonly execution: Execution }) {
  const { executionId, workflowId, waitingFor } = execution;
  const [isSending, setSending] = useState(false);
  const [isBusy, act] = useAction();
  const mayManage = useRefusal("executions:manage", workflowId);
  const mayRun = useRefusal("executions:run", workflowId);
  return (
    <div className="row">
      {waitingFor.some((each) => each.startsWith("event ")) ? (
        <Button size="small" icon="send" refusal={mayRun} onClick={() => setSending(true)}>
          Send event…
        </Button>
      ) : null}
      <Button
        size="small"
        icon="stop"
        busy={isBusy}
        refusal={mayManage}
        onClick={() => act(async () => await cancelExecution(executionId))}
      >
        Cancel
      </Button>
      {isSending ? <EventDialog execution={execution} onClose={() => setSending(false)} /> : null}
    </div>
  );
}

function OnceItFailed({
  execution: { executionId, workflowId },
  onRetried,
}: {
  readonly execution: Execution;
  readonly onRetried: (started: Started) => void;
}) {
  const [isBusy, act] = useAction();
  const refusal = useRefusal("executions:manage", workflowId);
  const retry = (from: "start" | "failed-step") =>
    act(async () => onRetried({ executionId: await retryExecution(executionId, from), isReplayed: false }));
  return (
    <div className="row">
      <Button size="small" icon="retry" busy={isBusy} refusal={refusal} onClick={() => retry("failed-step")}>
        Retry from the failed step
      </Button>
      <Button size="small" busy={isBusy} refusal={refusal} onClick={() => retry("start")}>
        Retry from the start
      </Button>
    </div>
  );
}

/** Whether an action is in progress, and a function that starts one. Errors are shown as toasts. */
function useAction(): readonly [boolean, (what: () => Promise<void>) => void] {
  const [isBusy, setBusy] = useState(false);
  const toast = useToast();
  const act = async (what: () => Promise<void>) => {
    setBusy(true);
    await what().catch(toast.error);
    setBusy(false);
  };
  return [isBusy, (what) => void act(what)];
}
