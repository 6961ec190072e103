import type { Alert, AlertDelivery } from "#client";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { api } from "../api.ts";
import { Badge } from "../components/badge.tsx";
import type { BadgeKind } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Loading } from "../components/loading.tsx";
import { Empty } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Table } from "../components/table.tsx";
import { useToast } from "../components/toast.tsx";
import { useList } from "../components/use-list.ts";
import { useRefusal } from "../session/session.tsx";
import { RelativeTime } from "../time/moment.tsx";
import { useNow } from "../time/now.ts";
import { channelLabels } from "./rules/channel-fields.tsx";

const kinds: Readonly<Record<Alert["kind"], BadgeKind>> = { opened: "bad", recovered: "good", test: "idle" };

const states: Readonly<Record<AlertDelivery["state"], BadgeKind>> = {
  pending: "busy",
  delivered: "good",
  failed: "bad",
};

/** The alerts that were sent, with their deliveries. */
export function SentAlerts() {
  const { items, error, more } = useList(
    ["alerts"],
    async (page, signal) => await api.get("/alerts", { params: { query: page }, signal }),
    { refetchMs: 5_000 },
  );
  return (
    <>
      {error === null ? null : <Problem error={error} />}
      {items === undefined && error === null ? <Loading what="alerts" /> : null}
      {items?.length === 0 ? (
        <Empty title="No alerts sent">Alerts appear here once a rule applies, with their deliveries.</Empty>
      ) : null}
      {items === undefined || items.length === 0 ? null : <AlertTable alerts={items} />}
      {more === undefined ? null : <Button onClick={more}>Load more</Button>}
    </>
  );
}

function AlertTable({ alerts }: { readonly alerts: readonly Alert[] }) {
  const now = useNow(true, 5_000);
  return (
    <Table label="Sent alerts" dense columns={["Rule", "Kind", "About", "Deliveries", "Sent"]}>
      {alerts.map((alert) => (
        <tr key={alert.alertId}>
          <th scope="row">{alert.ruleName}</th>
          <td>
            <Badge kind={kinds[alert.kind]}>{alert.kind}</Badge>
          </td>
          <td>
            {alert.kind === "test" ? <span className="soft">Test of the rule</span> : null}
            {alert.incidents.map(({ workflowId, executionId, summary }) => (
              <p key={workflowId} className="alert-about">
                {executionId === undefined ? (
                  <strong>{workflowId}</strong>
                ) : (
                  <Link href={`/executions/${executionId}`}>{workflowId}</Link>
                )}{" "}
                {summary}
              </p>
            ))}
          </td>
          <td>
            <Deliveries alert={alert} now={now} />
          </td>
          <td className="soft">
            <RelativeTime at={alert.createdAt} now={now} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Deliveries({
  alert: { alertId, deliveries },
  now,
}: {
  readonly alert: Alert;
  readonly now: number;
}) {
  const refusal = useRefusal("alerts:manage");
  const queries = useQueryClient();
  const toast = useToast();
  const retry = async () => {
    await api.post("/alerts/{alertId}/retry", { params: { path: { alertId } } });
    toast.done("Failed deliveries are sent again");
    await queries.invalidateQueries({ queryKey: ["alerts"] });
  };
  return (
    <div className="stack tight">
      {deliveries.map((delivery) => (
        <DeliveryLine key={delivery.deliveryId} delivery={delivery} now={now} />
      ))}
      {deliveries.some(({ state, error }) => state !== "delivered" && error !== undefined) ? (
        <div>
          <Button size="small" icon="retry" refusal={refusal} onClick={() => void retry().catch(toast.error)}>
            Send again
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function DeliveryLine({
  delivery: { channel, target, state, attempts, nextAttemptAt, error },
  now,
}: {
  readonly delivery: AlertDelivery;
  readonly now: number;
}) {
  return (
    <div>
      <span className="row">
        <Badge kind={states[state]}>{state}</Badge>
        <span>{channelLabels[channel]}</span>
        <span className="faint alert-target">{target}</span>
        {attempts > 1 ? <span className="faint nowrap">{attempts} attempts</span> : null}
        {state === "pending" && error !== undefined && nextAttemptAt !== undefined ? (
          <span className="faint nowrap">
            next <RelativeTime at={nextAttemptAt} now={now} />
          </span>
        ) : null}
      </span>
      {error === undefined || state === "delivered" ? null : <p className="soft alert-error">{error}</p>}
    </div>
  );
}
