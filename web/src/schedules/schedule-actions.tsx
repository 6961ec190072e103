import type { Schedule } from "#client";
import { useState } from "react";
import { Link } from "wouter";
import { Button } from "../components/button.tsx";
import { useRefusal } from "../session/session.tsx";
import { BackfillDialog, DeleteDialog, PauseDialog, TriggerDialog } from "./dialogs.tsx";

const dialogs = {
  pause: PauseDialog,
  trigger: TriggerDialog,
  backfill: BackfillDialog,
  delete: DeleteDialog,
} as const;

/** What can be done with a schedule. Schedules of the code cannot be edited or deleted here. */
export function ScheduleActions({ schedule }: { readonly schedule: Schedule }) {
  const [asked, setAsked] = useState<keyof typeof dialogs>();
  const refusal = useRefusal("schedules:manage", schedule.workflowId);
  const Asked = asked === undefined ? undefined : dialogs[asked];
  const isOwn = schedule.managedBy === "api";
  return (
    <>
      <Button icon="play" refusal={refusal} onClick={() => setAsked("trigger")}>
        Trigger…
      </Button>
      <Button icon="retry" refusal={refusal} onClick={() => setAsked("backfill")}>
        Backfill…
      </Button>
      <Button icon="pause" refusal={refusal} onClick={() => setAsked("pause")}>
        {schedule.paused === undefined ? "Pause…" : "Resume…"}
      </Button>
      {isOwn ? (
        <>
          <Link href={`/schedules/${schedule.id}/edit`} className="button">
            Edit
          </Link>
          <Button icon="trash" kind="danger" refusal={refusal} onClick={() => setAsked("delete")}>
            Delete…
          </Button>
        </>
      ) : null}
      {Asked === undefined ? null : <Asked schedule={schedule} onClose={() => setAsked(undefined)} />}
    </>
  );
}
