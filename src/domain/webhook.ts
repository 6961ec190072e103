import type { WorkflowId } from "./ids.ts";

/** How the sender of a webhook proves who it is; `none` where the address alone does. */
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

/** What the workflow gets as its payload: the body, or `{method, headers, query, body, rawBody, rawEncoding}`. */
export const webhookPayloads = ["body", "request"] as const;

/** A secret address that executes a workflow. */
export interface Webhook {
  readonly id: string;
  readonly workflowId: WorkflowId;
  readonly entryPoint?: string;
  readonly scheme: WebhookScheme;
  readonly payload: (typeof webhookPayloads)[number];
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}
