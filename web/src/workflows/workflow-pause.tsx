import type { Workflow } from "#client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { RadioField, TextField } from "../components/field.tsx";
import { Icon } from "../components/icon.tsx";
import { useToast } from "../components/toast.tsx";
import { workflowQuery } from "../model/versions-api.ts";
import { useRefusal } from "../session/session.tsx";
import { Moment } from "../time/moment.tsx";

interface PauseProps {
  readonly workflowId: string;
}

/** Pauses or resumes a workflow. Shown once the workflow is deployed. */
export function PauseButton({ workflowId }: PauseProps) {
  const { data: workflow } = useQuery(workflowQuery(workflowId));
  const refusal = useRefusal("executions:manage", workflowId);
  const [isAsked, setAsked] = useState(false);
  if (workflow === undefined || workflow === null) return null;
  const isPaused = workflow.paused !== undefined;
  return (
    <>
      <Button
        size="small"
        icon={isPaused ? "play" : "pause"}
        refusal={refusal}
        hint={isPaused ? "Resume workflow…" : "Pause workflow…"}
        onClick={() => setAsked(true)}
      >
        <span className="pause-label">{isPaused ? "Resume workflow…" : "Pause workflow…"}</span>
      </Button>
      {isAsked ? <PauseDialog workflow={workflow} onClose={() => setAsked(false)} /> : null}
    </>
  );
}

type Running = "continue" | "pause";

const runningOptions = [
  { value: "continue", label: "Continue" },
  {
    value: "pause",
    label: "Pause, each at its next step",
    hint: "An execution that sleeps or waits pauses when it continues.",
  },
] as const;

function PauseDialog({ workflow, onClose }: { readonly workflow: Workflow; readonly onClose: () => void }) {
  const { workflowId, paused } = workflow;
  const [note, setNote] = useState("");
  const [running, setRunning] = useState<Running>("continue");
  const queries = useQueryClient();
  const toast = useToast();
  const submit = async () => {
    if (paused === undefined) await pauseWorkflow(workflowId, { note: note.trim(), running });
    else await api.post("/workflows/{workflowId}/resume", { params: { path: { workflowId } } });
    toast.done(paused === undefined ? "Workflow paused" : "Workflow resumed");
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["workflow", workflowId] }),
      queries.invalidateQueries({ queryKey: ["workflows"] }),
    ]);
  };
  if (paused !== undefined)
    return (
      <Dialog title={`Resume ${workflowId}`} submit="Resume" onSubmit={submit} onClose={onClose}>
        <p>Queued executions start, and executions that were paused with the workflow continue.</p>
      </Dialog>
    );
  return (
    <Dialog title={`Pause ${workflowId}`} submit="Pause" onSubmit={submit} onClose={onClose}>
      <p>New executions are queued until the workflow is resumed.</p>
      <RadioField
        label="Executions in progress"
        value={running}
        options={runningOptions}
        onChange={setRunning}
      />
      <TextField label="Note" at="#/note" value={note} onChange={setNote} placeholder="Why, for others" />
    </Dialog>
  );
}

async function pauseWorkflow(
  workflowId: string,
  { note, running }: { readonly note: string; readonly running: Running },
): Promise<void> {
  await api.post("/workflows/{workflowId}/pause", {
    params: { path: { workflowId } },
    body: { running: running === "pause", ...(note === "" ? {} : { note }) },
  });
}

/** Who paused the workflow, and why. */
export function PauseNotice({ workflowId }: PauseProps) {
  const { data: workflow } = useQuery(workflowQuery(workflowId));
  if (workflow?.paused === undefined) return null;
  const { at, by, note, running } = workflow.paused;
  return (
    <section className="notice" data-kind="wait" aria-label="Paused">
      <Icon name="pause" />
      <p className="grow">
        Paused by {by} at <Moment at={at} />
        {note === undefined ? "" : `: ${note}`}. New executions are queued
        {running ? ", and executions in progress pause at their next step" : ""}.
      </p>
    </section>
  );
}
