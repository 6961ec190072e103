import type { Execution } from "#client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { isFinal } from "#domain/execution.ts";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { useToast } from "../components/toast.tsx";
import { useRefusal } from "../session/session.tsx";
import { ForkDialog } from "./forks/fork-dialog.tsx";
import { EventDialog } from "./event-dialog.tsx";
import { RetryDialog } from "./retry-dialog.tsx";
import { StartAtDialog } from "./start-at-dialog.tsx";

type Asked = "cancel" | "delete" | "event" | "fork" | "retry" | "start-at";

/** The actions available in the current status. Actions that the key may not perform are disabled with a reason. */
export function ExecutionActions({ execution }: { readonly execution: Execution }) {
  const { executionId, workflowId, status, scheduledAt } = execution;
  const [asked, setAsked] = useState<Asked>();
  const mayManage = useRefusal("executions:manage", workflowId);
  const mayRun = useRefusal("executions:run", workflowId);
  const close = () => setAsked(undefined);
  return (
    <>
      <OpenInEditor execution={execution} />
      {isFinal(status) ? (
        <>
          <Button
            icon="retry"
            kind={status === "failed" ? "primary" : "plain"}
            refusal={mayManage}
            onClick={() => setAsked("retry")}
          >
            Retry…
          </Button>
          {status === "failed" || status === "cancelled" ? (
            <Button icon="fork" refusal={mayManage} onClick={() => setAsked("fork")}>
              Fork…
            </Button>
          ) : null}
          <Button icon="trash" kind="danger" refusal={mayManage} onClick={() => setAsked("delete")}>
            Delete…
          </Button>
        </>
      ) : (
        <>
          {scheduledAt === undefined ? (
            <>
              <Button icon="send" refusal={mayRun ?? notStarted(execution)} onClick={() => setAsked("event")}>
                Send event…
              </Button>
              <PauseOrResume execution={execution} refusal={mayManage} />
            </>
          ) : (
            <Button icon="clock" refusal={mayManage} onClick={() => setAsked("start-at")}>
              Start at…
            </Button>
          )}
          <Button icon="stop" kind="danger" refusal={mayManage} onClick={() => setAsked("cancel")}>
            Cancel…
          </Button>
        </>
      )}
      {asked === "retry" ? <RetryDialog execution={execution} onClose={close} /> : null}
      {asked === "fork" ? <ForkDialog execution={execution} onClose={close} /> : null}
      {asked === "event" ? <EventDialog execution={execution} onClose={close} /> : null}
      {asked === "cancel" ? <CancelDialog execution={execution} onClose={close} /> : null}
      {asked === "start-at" && scheduledAt !== undefined ? (
        <StartAtDialog executionId={executionId} scheduledAt={scheduledAt} onClose={close} />
      ) : null}
      {asked === "delete" ? <DeleteDialog executionId={executionId} onClose={close} /> : null}
    </>
  );
}

/** Previews in the editor then run on the recording of the execution. */
function OpenInEditor({
  execution: { executionId, workflowId, version },
}: {
  readonly execution: Execution;
}) {
  if (version === undefined) return null;
  return (
    <Link className="button" href={`/workflows/${workflowId}/editor?recording=${executionId}`}>
      Open in editor
    </Link>
  );
}

function notStarted({ version }: Execution): string | undefined {
  return version === undefined ? "Events can be sent once the execution has started." : undefined;
}

function PauseOrResume({
  execution: { executionId, status },
  refusal,
}: {
  readonly execution: Execution;
  readonly refusal: string | undefined;
}) {
  const [isBusy, setBusy] = useState(false);
  const refresh = useRefresh(executionId);
  const toast = useToast();
  const isStopped = status === "paused" || status === "retrying";
  const act = async () => {
    setBusy(true);
    const path = isStopped ? "/executions/{executionId}/resume" : "/executions/{executionId}/pause";
    try {
      await api.post(path, { params: { path: { executionId } } });
      toast.done(isStopped ? "Execution resumed" : "Execution will pause after its running steps");
      await refresh();
    } catch (error) {
      toast.error(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button icon={isStopped ? "play" : "pause"} refusal={refusal} busy={isBusy} onClick={() => void act()}>
      {status === "retrying" ? "Retry now" : isStopped ? "Resume" : "Pause"}
    </Button>
  );
}

/** Restate forgets an execution that is cancelled before it starts, so its page is left then. */
function CancelDialog({
  execution: { executionId, scheduledAt },
  onClose,
}: {
  readonly execution: Execution;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const refresh = useRefresh(executionId);
  const toast = useToast();
  const isScheduled = scheduledAt !== undefined;
  const cancel = async () => {
    await api.post("/executions/{executionId}/cancel", { params: { path: { executionId } } });
    toast.done(isScheduled ? "Scheduled execution cancelled" : "Cancellation requested");
    if (!isScheduled) return await refresh();
    navigate("/executions");
    queries.removeQueries({ queryKey: ["execution", executionId] });
  };
  return (
    <Dialog title="Cancel execution?" submit="Cancel execution" danger onSubmit={cancel} onClose={onClose}>
      {isScheduled ? (
        <p>It has not started, and will not. It disappears from the list.</p>
      ) : (
        <p>
          Pending host calls reject with <code>CancelledError</code>. The workflow's <code>catch</code> and{" "}
          <code>finally</code> blocks may then run for 20 seconds.
        </p>
      )}
    </Dialog>
  );
}

function DeleteDialog({
  executionId,
  onClose,
}: {
  readonly executionId: string;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const toast = useToast();
  const remove = async () => {
    await api.delete("/executions/{executionId}", { params: { path: { executionId } } });
    navigate("/executions");
    queries.removeQueries({ queryKey: ["execution", executionId] });
    toast.done("Execution deleted");
  };
  return (
    <Dialog title="Delete execution?" submit="Delete" danger onSubmit={remove} onClose={onClose}>
      <p>Permanently deletes its input, result, steps and console output. External effects are not undone.</p>
    </Dialog>
  );
}

function useRefresh(executionId: string): () => Promise<void> {
  const queries = useQueryClient();
  return async () => await queries.invalidateQueries({ queryKey: ["execution", executionId] });
}
