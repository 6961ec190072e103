import type { Queue } from "#client";
import { useState } from "react";
import { Button } from "../components/button.tsx";
import { useRefusal } from "../session/session.tsx";
import { DrainDialog, LimitsDialog, PauseDialog, PurgeDialog } from "./queue-dialogs.tsx";
import { workflowOf } from "./queue-text.ts";

const dialogs = { pause: PauseDialog, limits: LimitsDialog, drain: DrainDialog, purge: PurgeDialog } as const;

/** What an operator can do with a queue while it runs. */
export function QueueActions({ queue }: { readonly queue: Queue }) {
  const [asked, setAsked] = useState<keyof typeof dialogs>();
  const refusal = useRefusal("queues:manage", workflowOf(queue.id));
  const nothing = queue.queued === 0 ? "Nothing is queued." : undefined;
  const isStopped = queue.paused !== undefined || queue.draining !== undefined;
  const Asked = asked === undefined ? undefined : dialogs[asked];
  return (
    <>
      <Button icon={isStopped ? "play" : "pause"} refusal={refusal} onClick={() => setAsked("pause")}>
        {isStopped ? "Resume…" : "Pause…"}
      </Button>
      <Button icon="gear" refusal={refusal} onClick={() => setAsked("limits")}>
        Change limits…
      </Button>
      {isStopped ? null : (
        <Button icon="send" refusal={refusal ?? nothing} onClick={() => setAsked("drain")}>
          Drain…
        </Button>
      )}
      <Button icon="trash" kind="danger" refusal={refusal ?? nothing} onClick={() => setAsked("purge")}>
        Purge…
      </Button>
      {Asked === undefined ? null : <Asked queue={queue} onClose={() => setAsked(undefined)} />}
    </>
  );
}
