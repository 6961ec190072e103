import type { Webhook, WebhookDelivery } from "#client";
import { Link } from "wouter";
import { api } from "../api.ts";
import { Badge } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { Loading } from "../components/loading.tsx";
import { Problem } from "../components/problem.tsx";
import { Table } from "../components/table.tsx";
import { useList } from "../components/use-list.ts";
import { shortId } from "../executions/short-id.ts";
import { RelativeTime } from "../time/moment.tsx";
import { useNow } from "../time/now.ts";
import "../executions/bulk/bulk.css";

const kinds = { accepted: "good", repeated: "idle", rejected: "bad" } as const;

/** The last requests to a webhook with their outcomes. */
export function WebhookDeliveries({
  webhook: { id, workflowId, name },
  onClose,
}: {
  readonly webhook: Webhook;
  readonly onClose: () => void;
}) {
  const now = useNow();
  const { items, error, more } = useList(["webhook-deliveries", id], async (page, signal) => {
    const path = { workflowId, webhookId: id };
    return await api.get("/workflows/{workflowId}/webhooks/{webhookId}/deliveries", {
      params: { path, query: page },
      signal,
    });
  });
  return (
    <Dialog title={name === undefined ? "Deliveries" : `Deliveries of ${name}`} wide onClose={onClose}>
      {error === null ? null : <Problem error={error} />}
      {items === undefined && error === null ? <Loading what="deliveries" /> : null}
      {items?.length === 0 ? (
        <p className="soft">No deliveries yet. Send a request to the URL, and it appears here.</p>
      ) : null}
      {items === undefined || items.length === 0 ? null : (
        <div className="bulk-list">
          <Table label="Deliveries" dense columns={["Outcome", "Received", "Answer", "Execution", "Size"]}>
            {items.map((delivery) => (
              <DeliveryRow key={delivery.id} delivery={delivery} now={now} />
            ))}
          </Table>
        </div>
      )}
      {more === undefined ? null : (
        <div>
          <Button size="small" onClick={more}>
            Load more
          </Button>
        </div>
      )}
    </Dialog>
  );
}

function DeliveryRow({ delivery, now }: { readonly delivery: WebhookDelivery; readonly now: number }) {
  const { at, outcome, status, code, executionId, bytes } = delivery;
  return (
    <tr>
      <th scope="row">
        <Badge kind={kinds[outcome]}>{outcome}</Badge>
      </th>
      <td className="soft">
        <RelativeTime at={at} now={now} />
      </td>
      <td className="number">
        {status} {code === undefined ? null : <span className="mono faint">{code}</span>}
      </td>
      <td>
        {executionId === undefined ? null : (
          <Link href={`/executions/${executionId}`} className="mono">
            {shortId(executionId)}
          </Link>
        )}
      </td>
      <td className="number">{bytes.toLocaleString("en")} bytes</td>
    </tr>
  );
}
