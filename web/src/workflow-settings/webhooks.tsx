import type { Webhook } from "#client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Confirm } from "../components/confirm.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextField } from "../components/field.tsx";
import { OneTimeSecret } from "../components/one-time-secret.tsx";
import { Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Table } from "../components/table.tsx";
import { useToast } from "../components/toast.tsx";
import { useRefusal } from "../session/session.tsx";
import { Moment } from "../time/moment.tsx";
import { NewWebhookDialog, schemeLabels } from "./new-webhook-dialog.tsx";
import { WebhookDeliveries } from "./webhook-deliveries.tsx";

type Asked =
  | { readonly kind: "create" }
  | { readonly kind: "deliveries" | "rename" | "rotate" | "remove"; readonly webhook: Webhook };

/** The webhooks of a workflow: secret URLs for systems that cannot send an API key. */
export function Webhooks({ workflowId }: { readonly workflowId: string }) {
  const queries = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ["webhooks", workflowId],
    queryFn: async ({ signal }) =>
      await api.get("/workflows/{workflowId}/webhooks", { params: { path: { workflowId } }, signal }),
  });
  const [asked, setAsked] = useState<Asked>();
  const [url, setUrl] = useState<string>();
  const refusal = useRefusal("workflows:deploy", workflowId);
  const refresh = async () => await queries.invalidateQueries({ queryKey: ["webhooks", workflowId] });
  const close = () => setAsked(undefined);
  return (
    <Section
      title="Webhooks"
      about="URLs that execute this workflow without an API key. A URL is shown only once."
      actions={
        <Button icon="plus" refusal={refusal} onClick={() => setAsked({ kind: "create" })}>
          New webhook
        </Button>
      }
    >
      {error === null ? null : <Problem error={error} />}
      {data?.items.length === 0 ? <p className="soft">No webhooks yet</p> : null}
      {data === undefined || data.items.length === 0 ? null : (
        <WebhookTable webhooks={data.items} refusal={refusal} onAsk={setAsked} />
      )}
      {asked?.kind === "create" ? (
        <NewWebhookDialog
          workflowId={workflowId}
          onClose={close}
          onCreated={(created) => {
            setUrl(created);
            void refresh();
          }}
        />
      ) : null}
      {asked?.kind === "deliveries" ? <WebhookDeliveries webhook={asked.webhook} onClose={close} /> : null}
      {asked?.kind === "rename" ? (
        <RenameDialog webhook={asked.webhook} onDone={refresh} onClose={close} />
      ) : null}
      {asked?.kind === "rotate" ? (
        <RotateDialog webhook={asked.webhook} onRotated={setUrl} onClose={close} />
      ) : null}
      {asked?.kind === "remove" ? (
        <RemoveDialog webhook={asked.webhook} onDone={refresh} onClose={close} />
      ) : null}
      {url === undefined ? null : (
        <OneTimeSecret title="Webhook URL" secret={url} onClose={() => setUrl(undefined)}>
          Copy it now. It will not be shown again. Anyone with this URL can execute the workflow.
        </OneTimeSecret>
      )}
    </Section>
  );
}

function WebhookTable({
  webhooks,
  refusal,
  onAsk,
}: {
  readonly webhooks: readonly Webhook[];
  readonly refusal: string | undefined;
  readonly onAsk: (asked: Asked) => void;
}) {
  return (
    <Table
      label="Webhooks"
      columns={["Name", "Signed by", "Entry point", "Payload", "Created", { hidden: "Actions" }]}
    >
      {webhooks.map((webhook) => (
        <tr key={webhook.id}>
          <th scope="row">{webhook.name ?? <span className="faint">No name</span>}</th>
          <td>{webhook.scheme === "none" ? "Not signed" : schemeLabels[webhook.scheme]}</td>
          <td className="mono">{webhook.entryPoint}</td>
          <td>{webhook.payload === "body" ? "the body" : "headers, query and body"}</td>
          <td className="soft">
            <Moment at={webhook.createdAt} />
          </td>
          <td>
            <Button size="small" onClick={() => onAsk({ kind: "deliveries", webhook })}>
              Deliveries
            </Button>{" "}
            <Button size="small" refusal={refusal} onClick={() => onAsk({ kind: "rename", webhook })}>
              Rename…
            </Button>{" "}
            <Button size="small" refusal={refusal} onClick={() => onAsk({ kind: "rotate", webhook })}>
              Rotate URL…
            </Button>{" "}
            <Button
              size="small"
              kind="danger"
              refusal={refusal}
              onClick={() => onAsk({ kind: "remove", webhook })}
            >
              Delete…
            </Button>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function RenameDialog({
  webhook: { id, workflowId, name = "" },
  onDone,
  onClose,
}: {
  readonly webhook: Webhook;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState(name);
  const rename = async () => {
    await api.patch("/workflows/{workflowId}/webhooks/{webhookId}", {
      params: { path: { workflowId, webhookId: id } },
      body: { name: text.trim() },
    });
    await onDone();
  };
  return (
    <Dialog title="Rename webhook" submit="Rename" onSubmit={rename} onClose={onClose}>
      <TextField label="Name" at="#/name" value={text} onChange={setText} maxLength={100} />
    </Dialog>
  );
}

function RotateDialog({
  webhook: { id, workflowId },
  onRotated,
  onClose,
}: {
  readonly webhook: Webhook;
  readonly onRotated: (url: string) => void;
  readonly onClose: () => void;
}) {
  const rotate = async () => {
    const path = { workflowId, webhookId: id };
    onRotated(
      (await api.post("/workflows/{workflowId}/webhooks/{webhookId}/rotate", { params: { path } })).url,
    );
  };
  return (
    <Confirm title="Rotate the webhook URL?" action="Rotate URL" onConfirm={rotate} onClose={onClose}>
      The current URL stops working immediately. Update every sender with the new one.
    </Confirm>
  );
}

function RemoveDialog({
  webhook: { id, workflowId },
  onDone,
  onClose,
}: {
  readonly webhook: Webhook;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const toast = useToast();
  const remove = async () => {
    await api.delete("/workflows/{workflowId}/webhooks/{webhookId}", {
      params: { path: { workflowId, webhookId: id } },
    });
    toast.done("Webhook deleted");
    await onDone();
  };
  return (
    <Confirm title="Delete webhook?" action="Delete" onConfirm={remove} onClose={onClose}>
      Requests to its URL are rejected immediately.
    </Confirm>
  );
}
