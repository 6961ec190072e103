import type { Queue } from "#client";
import { Badge } from "../components/badge.tsx";

/** Whether a queue starts executions, as a badge. */
export function QueueState({ queue }: { readonly queue: Queue }) {
  const { paused, draining, heldUntil, queued } = queue;
  if (paused !== undefined) return <Badge kind="warn">paused</Badge>;
  if (draining !== undefined) return <Badge kind="warn">draining</Badge>;
  if (heldUntil !== undefined) return <Badge kind="wait">held by the host</Badge>;
  return queued > 0 ? <Badge kind="wait">queuing</Badge> : <Badge kind="good">open</Badge>;
}
