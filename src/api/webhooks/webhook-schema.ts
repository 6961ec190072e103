import { z } from "zod";
import { parseEntryPoint, parseWorkflowId } from "../../domain/ids.ts";
import { webhookPayloads, webhookSchemes } from "../../domain/webhook.ts";
import { collecting } from "../contract/collecting.ts";
import {
  entryPointText,
  executionId,
  pageParameters,
  timestamp,
  workflowId,
  workflowIdText,
} from "../contract/fields.ts";
import { maxSecretBytes } from "../contract/limits.ts";

export const webhookParameters = z.strictObject({
  workflowId: workflowIdText.transform(collecting(parseWorkflowId)),
  webhookId: z.string().min(1).max(100).meta({ description: "The ID of a webhook, not its token" }),
});

const scheme = z.enum(webhookSchemes).meta({
  description:
    "How the sender signs: Standard Webhooks, GitHub and Meta (`X-Hub-Signature-256`), GitLab's token, Stripe, Slack, " +
    "Shopify, Linear, Zendesk, Twilio, Zoom, X, or HMAC-SHA-256 of the body in hexadecimal in `X-Signature`. With `none` the " +
    "address is all that a sender needs",
});

const payload = z.enum(webhookPayloads).meta({
  description:
    "Payload of the workflow: the `body`, or the `request` as `{method, headers, query, body, rawBody, rawEncoding}`",
});

const name = z
  .string()
  .trim()
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "use plain text on one line")
  .meta({ description: "Distinguishes the webhooks of a workflow", examples: ["Stripe, live"] });

export const renameWebhookRequest = z.strictObject({
  name: name.meta({ description: "The new name; an empty text removes it" }),
});

export const createWebhookRequest = z.strictObject({
  name: name.min(1).exactOptional(),
  entryPoint: entryPointText.transform(collecting(parseEntryPoint)).exactOptional(),
  scheme: scheme.default("none"),
  secret: z
    .string()
    .min(1, "give the secret that the sender signs with")
    .max(maxSecretBytes, `use ${maxSecretBytes} characters at most`)
    .exactOptional()
    .meta({ description: "The sender's signing secret. It is never shown again" }),
  payload: payload.default("body"),
});

/** A repeated field is an array; a file is `{filename, contentType, base64}`. */
export const formFields = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

const webhookShape = {
  id: z.string(),
  name: z.string().exactOptional(),
  workflowId,
  entryPoint: entryPointText.exactOptional(),
  scheme,
  payload,
  createdAt: timestamp,
};

const url = z.string().meta({
  description: "The URL. Shown only once",
  examples: ["https://duranium.example/webhooks/q5EJm0ZUQTyTRkqhGvTFXQ"],
});

export const webhook = z.strictObject(webhookShape).meta({ id: "Webhook" });
export const webhookList = z.strictObject({ items: z.array(webhook) });
export const createdWebhook = z.strictObject({ ...webhookShape, url }).meta({ id: "CreatedWebhook" });
export const webhookDelivery = z
  .strictObject({
    id: z.int(),
    at: timestamp,
    outcome: z.enum(["accepted", "repeated", "rejected"]).meta({
      description: "`repeated`: the sender had sent the same delivery before, so nothing was started",
    }),
    status: z.int().meta({ description: "Status of the response" }),
    code: z.string().exactOptional().meta({ description: "The code of the error" }),
    executionId: executionId.exactOptional(),
    bytes: z.int().meta({ description: "Size of the body as sent" }),
  })
  .meta({ id: "WebhookDelivery" });

export const webhookDeliveriesQuery = z.strictObject(pageParameters);

export const rotatedWebhook = z.strictObject({ url }).meta({ id: "RotatedWebhook" });
export const webhookExecution = z.strictObject({ executionId }).meta({ id: "WebhookExecution" });
