import type { WorkflowId } from "./ids.ts";

/** How the sender of a webhook is authenticated. With `none`, the URL is the only secret. */
export const webhookSchemes = [
  "none",
  "standard-webhooks",
  "github",
  "gitlab",
  "stripe",
  "slack",
  "shopify",
  "linear",
  "zendesk",
  "twilio",
  "zoom",
  "twitter",
  "hmac-sha256",
] as const;

export type WebhookScheme = (typeof webhookSchemes)[number];

/** The payload of the workflow: the body, or `{method, headers, query, body, rawBody, rawEncoding}`. */
export const webhookPayloads = ["body", "request"] as const;

/** A secret URL that executes a workflow. */
export interface Webhook {
  readonly id: string;
  readonly workflowId: WorkflowId;
  readonly entryPoint?: string;
  readonly scheme: WebhookScheme;
  readonly payload: (typeof webhookPayloads)[number];
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}
