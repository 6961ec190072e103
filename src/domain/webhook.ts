import type { ExecutionId, WorkflowId } from "./ids.ts";

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
  /** Distinguishes the webhooks of a workflow for people. */
  readonly name?: string;
  readonly workflowId: WorkflowId;
  readonly entryPoint?: string;
  readonly scheme: WebhookScheme;
  readonly payload: (typeof webhookPayloads)[number];
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

/** A request to a webhook. */
export interface WebhookDelivery {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** `repeated`: the sender had sent the same delivery before, so nothing was started. */
  readonly outcome: "accepted" | "repeated" | "rejected";
  /** The status of the response. */
  readonly status: number;
  /** The code of the error, if it was rejected. */
  readonly code?: string;
  readonly executionId?: ExecutionId;
  /** The size of the body as sent. */
  readonly bytes: number;
}
