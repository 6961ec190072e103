import { Link } from "wouter";
import { Loading } from "../components/loading.tsx";
import { Empty, Page } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { SharedLimits } from "../queues/limits/shared-limits.tsx";
import { QueueTable } from "../queues/queue-table.tsx";
import { useQueues } from "../queues/queues-api.ts";
import { useRefusal } from "../session/session.tsx";
import { Refused } from "./refused.tsx";

/** The queues of workflows, shared limits and hosts, live. */
export function Queues() {
  const refusal = useRefusal("executions:read");
  return refusal === undefined ? <QueuesPage /> : <Refused title="Queues" refusal={refusal} />;
}

function QueuesPage() {
  const { data, error } = useQueues();
  const items = data?.items;
  return (
    <Page title="Queues" intro="Executions and requests that limits hold back.">
      {error === null ? null : <Problem error={error} />}
      {items === undefined && error === null ? <Loading what="queues" /> : null}
      {items?.length === 0 ? (
        <Empty
          title="Nothing is limited yet"
          action={
            <Link className="button" href="/workflows">
              Go to workflows
            </Link>
          }
        >
          A workflow gets a queue once it has a limit: under <strong>Flow control</strong> in its settings, or
          with <code>export const flow = {"{…}"}</code> in its code.
        </Empty>
      ) : null}
      {items === undefined || items.length === 0 ? null : <QueueTable queues={items} />}
      {items === undefined ? null : <SharedLimits />}
    </Page>
  );
}
