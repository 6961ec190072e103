import type { Execution } from "#client";
import { Link } from "wouter";
import { Icon } from "../components/icon.tsx";
import { shortId } from "./short-id.ts";

/** What holds a queued execution back, and where it waits. */
export function QueueNotice({ execution: { queue } }: { readonly execution: Execution }) {
  if (queue === undefined) return null;
  const { queue: id, position, reason, blockedBy } = queue;
  return (
    <section className="notice" data-kind="wait" aria-label="Queued">
      <Icon name="queue" />
      <div className="stack tight grow">
        <p>
          {reason}. {position === undefined ? "In the queue " : `Position ${position} in the queue `}
          <Link href={`/queues/${encodeURIComponent(id)}`}>{id.slice(id.indexOf(":") + 1)}</Link>
        </p>
        {blockedBy.length === 0 ? null : (
          <p className="row">
            Blocked by
            {blockedBy.map((executionId) => (
              <Link key={executionId} href={`/executions/${executionId}`} className="mono">
                {shortId(executionId)}
              </Link>
            ))}
          </p>
        )}
      </div>
    </section>
  );
}
