import type { Execution } from "#client";
import { Icon } from "../components/icon.tsx";
import { RelativeTime } from "../time/moment.tsx";
import { useNow } from "../time/now.ts";
import { viewerZone, zonedText } from "../time/zoned.ts";

/** When an execution starts that is scheduled for a later time. */
export function ScheduledNotice({ execution: { scheduledAt } }: { readonly execution: Execution }) {
  const now = useNow(scheduledAt !== undefined);
  if (scheduledAt === undefined) return null;
  return (
    <div className="notice" data-kind="wait">
      <Icon name="clock" />
      <p className="grow">
        Starts <RelativeTime at={scheduledAt} now={now} />: {zonedText(scheduledAt, viewerZone)}, {viewerZone}
      </p>
    </div>
  );
}
