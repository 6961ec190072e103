import type { WorkflowId } from "./ids.ts";

/** How the sender of a hook proves who it is; `none` where the address alone does. */
export const hookSchemes = [
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

export type HookScheme = (typeof hookSchemes)[number];

/** What the workflow gets as its payload: the body, or `{method, headers, query, body, rawBody, rawEncoding}`. */
export const hookPayloads = ["body", "request"] as const;

/** A secret address that executes a workflow. */
export interface Hook {
  readonly id: string;
  readonly workflowId: WorkflowId;
  readonly entryPoint?: string;
  readonly scheme: HookScheme;
  readonly payload: (typeof hookPayloads)[number];
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}
