import type { Schedule } from "#client";
import { Badge } from "../components/badge.tsx";

/** Whether a schedule runs, as a badge. */
export function ScheduleState({ schedule }: { readonly schedule: Schedule }) {
  const [kind, text] = stateOf(schedule);
  return <Badge kind={kind}>{text}</Badge>;
}

function stateOf({ paused, info }: Schedule) {
  if (paused !== undefined) return ["warn", "paused"] as const;
  if (info.next.length === 0) return ["idle", "ended"] as const;
  return info.running.length > 0 ? (["busy", "running"] as const) : (["good", "active"] as const);
}
