import { Loading } from "../components/loading.tsx";
import { Empty, Page } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
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
        <Empty title="No queues">
          A workflow gets a queue once it has a limit: <code>export const flow = {"{…}"}</code> in its code,
          or in its settings.
        </Empty>
      ) : null}
      {items === undefined || items.length === 0 ? null : <QueueTable queues={items} />}
    </Page>
  );
}
