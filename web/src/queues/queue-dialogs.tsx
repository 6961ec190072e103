import type { Queue } from "#client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../components/button.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextField } from "../components/field.tsx";
import { FormError } from "../components/form-errors.ts";
import { Problem } from "../components/problem.tsx";
import { useToast } from "../components/toast.tsx";
import { useAttempt } from "../components/use-attempt.ts";
import { counted } from "../executions/bulk/counted.ts";
import { nameOf } from "./queue-text.ts";
import { changeQueue, drainQueue, purgeQueue } from "./queues-api.ts";

export interface QueueDialogProps {
  readonly queue: Queue;
  readonly onClose: () => void;
}

function useRefresh(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["queue"] }),
      queries.invalidateQueries({ queryKey: ["queues"] }),
    ]);
  };
}

export function PauseDialog({ queue: { id, paused, draining }, onClose }: QueueDialogProps) {
  const [note, setNote] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  const isStopped = paused !== undefined || draining !== undefined;
  const submit = async () => {
    await changeQueue(id, { paused: !isStopped, ...(note.trim() === "" ? {} : { note: note.trim() }) });
    toast.done(isStopped ? "Queue resumed" : "Queue paused");
    await refresh();
  };
  const { name } = nameOf(id);
  return (
    <Dialog
      title={isStopped ? `Resume ${name}` : `Pause ${name}`}
      submit={isStopped ? "Resume" : "Pause"}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>
        {isStopped
          ? "Queued executions start again, within the limits."
          : "No queued execution starts until it is resumed. Executions in progress continue."}
      </p>
      {isStopped ? null : (
        <TextField label="Note" at="#/note" value={note} onChange={setNote} placeholder="Why, for others" />
      )}
    </Dialog>
  );
}

/** Raises or lowers limits while the queue runs. */
export function LimitsDialog({ queue: { id, limits, override }, onClose }: QueueDialogProps) {
  const [total, setTotal] = useState(limits.total?.toString() ?? "");
  const [perKey, setPerKey] = useState(limits.perKey?.toString() ?? "");
  const refresh = useRefresh();
  const toast = useToast();
  const change = async (next: ReturnType<typeof limitsOf> | null, done: string) => {
    await changeQueue(id, { override: next });
    toast.done(done);
    await refresh();
  };
  const restore = useAttempt(async () => {
    await change(null, "Limits restored");
    onClose();
  });
  return (
    <Dialog
      title={`Limits of ${nameOf(id).name}`}
      submit="Change limits"
      onSubmit={async () => await change(limitsOf({ total, perKey }), "Limits changed")}
      onClose={onClose}
    >
      <p>
        Applies at once, also to queued executions, until it is changed again. Executions above a lowered
        limit finish first.
      </p>
      {restore.error === undefined ? null : <Problem error={restore.error} />}
      <div className="fields">
        <TextField
          label="At a time"
          at="#/override/total"
          value={total}
          onChange={setTotal}
          placeholder="unchanged"
        />
        <TextField
          label="Per key"
          at="#/override/perKey"
          value={perKey}
          onChange={setPerKey}
          placeholder="unchanged"
        />
      </div>
      {override === undefined ? null : (
        <div>
          <Button size="small" busy={restore.isBusy} onClick={restore.attempt}>
            Restore the limits of the workflow
          </Button>
        </div>
      )}
    </Dialog>
  );
}

/** The limits that are typed. */
function limitsOf(typed: { readonly total: string; readonly perKey: string }) {
  const names = ["total", "perKey"] as const;
  const wrong = names.filter((name) => !/^\d{0,7}$/.test(typed[name].trim()));
  if (wrong.length > 0)
    throw new FormError(
      wrong.map((name) => ({ pointer: `#/override/${name}`, detail: "Enter a whole number." })),
    );
  return Object.fromEntries(
    names.flatMap((name) => (typed[name].trim() === "" ? [] : [[name, Number(typed[name])]])),
  );
}

export function DrainDialog({ queue: { id, queued }, onClose }: QueueDialogProps) {
  const [note, setNote] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  const submit = async () => {
    await drainQueue(id, note.trim());
    toast.done("Queue is draining");
    await refresh();
  };
  return (
    <Dialog title={`Drain ${nameOf(id).name}`} submit="Drain" onSubmit={submit} onClose={onClose}>
      <p>
        Starts the {counted(queued)} that {queued === 1 ? "is" : "are"} queued now, and none that arrive
        later. The queue is paused afterwards.
      </p>
      <TextField label="Note" at="#/note" value={note} onChange={setNote} placeholder="Why, for others" />
    </Dialog>
  );
}

export function PurgeDialog({ queue: { id, queued }, onClose }: QueueDialogProps) {
  const refresh = useRefresh();
  const toast = useToast();
  const purge = async () => {
    await purgeQueue(id);
    toast.done("Queue purged");
    await refresh();
  };
  return (
    <Confirm
      title={`Purge ${nameOf(id).name}?`}
      action={`Skip ${counted(queued)}`}
      typed={queued > 10 ? nameOf(id).name : undefined}
      onConfirm={purge}
      onClose={onClose}
    >
      {counted(queued)} that {queued === 1 ? "waits" : "wait"} in this queue end as skipped, without running.
      This cannot be undone.
    </Confirm>
  );
}
