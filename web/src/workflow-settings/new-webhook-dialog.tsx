import type { Webhook } from "#client";
import { useState } from "react";
import { api } from "../api.ts";
import { Dialog } from "../components/dialog.tsx";
import { RadioField, SelectField, TextField } from "../components/field.tsx";

type Scheme = Webhook["scheme"];

export const schemeLabels: Readonly<Record<Scheme, string>> = {
  none: "Not signed: the URL is the secret",
  "standard-webhooks": "Standard Webhooks",
  github: "GitHub, Meta",
  gitlab: "GitLab (secret token)",
  stripe: "Stripe",
  slack: "Slack",
  shopify: "Shopify",
  linear: "Linear",
  zendesk: "Zendesk",
  twilio: "Twilio",
  zoom: "Zoom",
  twitter: "X (Twitter)",
  "hmac-sha256": "HMAC-SHA-256 in X-Signature",
};

/** Creates a webhook. Its URL is passed to `onCreated` and not available afterwards. */
export function NewWebhookDialog({
  workflowId,
  onClose,
  onCreated,
}: {
  readonly workflowId: string;
  readonly onClose: () => void;
  readonly onCreated: (url: string) => void;
}) {
  const [name, setName] = useState("");
  const [scheme, setScheme] = useState<Scheme>("none");
  const [secret, setSecret] = useState("");
  const [entryPoint, setEntryPoint] = useState("");
  const [payload, setPayload] = useState<Webhook["payload"]>("body");
  const create = async () => {
    const { url } = await api.post("/workflows/{workflowId}/webhooks", {
      params: { path: { workflowId } },
      body: {
        scheme,
        payload,
        ...(name.trim() === "" ? {} : { name: name.trim() }),
        ...(scheme === "none" ? {} : { secret }),
        ...(entryPoint === "" ? {} : { entryPoint }),
      },
    });
    onCreated(url);
  };
  return (
    <Dialog title="New webhook" submit="Create" onSubmit={create} onClose={onClose}>
      <TextField
        label="Name"
        at="#/name"
        value={name}
        onChange={setName}
        maxLength={100}
        placeholder="Orders of the shop"
        hint="Optional. Tells the webhooks of a workflow apart."
      />
      <SelectField
        label="Signed by"
        at="#/scheme"
        value={scheme}
        options={Object.entries(schemeLabels) as [Scheme, string][]}
        onChange={setScheme}
      />
      {scheme === "none" ? null : (
        <TextField
          label="Signing secret"
          at="#/secret"
          type="password"
          autoComplete="off"
          value={secret}
          onChange={setSecret}
          required
          hint="The secret that the sender signs with. It will not be shown again."
        />
      )}
      <TextField
        label="Entry point"
        at="#/entryPoint"
        value={entryPoint}
        onChange={setEntryPoint}
        mono
        maxLength={128}
        placeholder="none"
        hint="Value of ctx.entryPoint."
      />
      <RadioField
        label="Payload"
        value={payload}
        onChange={setPayload}
        options={[
          { value: "body", label: "The body" },
          { value: "request", label: "Headers, query and body" },
        ]}
      />
    </Dialog>
  );
}
