import type { Schedule } from "#client";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { Confirm } from "../components/confirm.tsx";
import { Dialog } from "../components/dialog.tsx";
import { SelectField, TextField } from "../components/field.tsx";
import { FormError } from "../components/form-errors.ts";
import { useToast } from "../components/toast.tsx";
import { isoOfInput } from "../time/local-input.ts";
import { viewerZone } from "../time/zoned.ts";
import { overlapLabels } from "./editor/more-fields.tsx";
import type { Overlap } from "./schedule.ts";
import {
  backfillSchedule,
  deleteSchedule,
  pauseSchedule,
  resumeSchedule,
  triggerSchedule,
} from "./schedules-api.ts";

interface ScheduleDialogProps {
  readonly schedule: Schedule;
  readonly onClose: () => void;
}

/** Reads the schedule again after it was changed. */
function useRefresh(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["schedule"] }),
      queries.invalidateQueries({ queryKey: ["schedules"] }),
    ]);
  };
}

/** Pauses or resumes a schedule, with a note for others. */
export function PauseDialog({ schedule: { id, paused }, onClose }: ScheduleDialogProps) {
  const [note, setNote] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  const isPaused = paused !== undefined;
  const submit = async () => {
    await (isPaused ? resumeSchedule : pauseSchedule)(id, note.trim());
    toast.done(isPaused ? "Schedule resumed" : "Schedule paused");
    await refresh();
  };
  return (
    <Dialog
      title={isPaused ? `Resume ${id}` : `Pause ${id}`}
      submit={isPaused ? "Resume" : "Pause"}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>
        {isPaused
          ? "Runs that were due while it was paused are not made up for. Use a backfill for them."
          : "No further runs start until it is resumed. Runs in progress continue."}
      </p>
      <TextField label="Note" at="#/note" value={note} onChange={setNote} placeholder="Why, for others" />
    </Dialog>
  );
}

/** Starts a run now, beside the schedule's own times. */
export function TriggerDialog({ schedule: { id, workflowId }, onClose }: ScheduleDialogProps) {
  const refresh = useRefresh();
  const toast = useToast();
  const submit = async () => {
    await triggerSchedule(id);
    toast.done("Run triggered");
    await refresh();
  };
  return (
    <Dialog title={`Trigger ${id}`} submit="Run now" onSubmit={submit} onClose={onClose}>
      <p>
        Executes <strong>{workflowId}</strong> now, with the payload of the schedule. The next times stay as
        they are.
      </p>
    </Dialog>
  );
}

/** Runs the times of a past range. */
export function BackfillDialog({ schedule: { id }, onClose }: ScheduleDialogProps) {
  const [start, setStart] = useState("");
  const [end, setEnd] = useState("");
  const [overlap, setOverlap] = useState<Overlap>("buffer-all");
  const refresh = useRefresh();
  const toast = useToast();
  const submit = async () => {
    const range = { start: isoOfInput(start), end: isoOfInput(end) };
    const missing = (["start", "end"] as const).filter((name) => range[name] === undefined);
    if (range.start === undefined || range.end === undefined)
      throw new FormError(
        missing.map((name) => ({ pointer: `#/${name}`, detail: "Enter a date and time." })),
      );
    const { started, buffered } = await backfillSchedule(id, { start: range.start, end: range.end, overlap });
    toast.done(`Backfill: ${started} started, ${buffered} to follow`);
    await refresh();
  };
  return (
    <Dialog title={`Backfill ${id}`} submit="Start backfill" onSubmit={submit} onClose={onClose}>
      <p>Runs all times of a past range that have not run yet. No time runs twice.</p>
      <div className="fields">
        <TextField
          type="datetime-local"
          label="From"
          at="#/start"
          value={start}
          onChange={setStart}
          hint={`In your time zone, ${viewerZone}.`}
        />
        <TextField type="datetime-local" label="Until" at="#/end" value={end} onChange={setEnd} />
      </div>
      <SelectField
        label="While the previous run is in progress"
        at="#/overlap"
        value={overlap}
        options={Object.entries(overlapLabels) as [Overlap, string][]}
        onChange={setOverlap}
      />
    </Dialog>
  );
}

export function DeleteDialog({ schedule: { id }, onClose }: ScheduleDialogProps) {
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const toast = useToast();
  const remove = async () => {
    await deleteSchedule(id);
    navigate("/schedules");
    toast.done(`Schedule ${id} deleted`);
    // The page of the schedule may still be mounted, and must not read it again.
    await queries.invalidateQueries({ queryKey: ["schedules"] });
  };
  return (
    <Confirm title={`Delete ${id}?`} action="Delete schedule" onConfirm={remove} onClose={onClose}>
      No further runs start. Executions that it started stay.
    </Confirm>
  );
}
