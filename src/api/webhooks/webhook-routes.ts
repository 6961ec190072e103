import { z } from "zod";
import { toDuraniumError } from "../../domain/errors.ts";
import { maxPayloadBytes } from "../../domain/limits.ts";
import { type ApiContext } from "../contract/context.ts";
import { jsonValue } from "../contract/fields.ts";
import type { OpenWebhook, WebhookService } from "../contract/services.ts";
import { json, noContent } from "../http/answer.ts";
import { type BodyReader, jsonBody, readBytes, deferBody } from "../http/body.ts";
import { decodeContent } from "../http/content-coding.ts";
import { page, pageRequest } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { workflowParameters } from "../workflows/workflow-schema.ts";
import { collectFields, rawBodyOf, readWebhookContent } from "./webhook-content.ts";
import { handshakeOfBody, handshakeOfGet, handshakeOfPost, permissionOf } from "./webhook-handshake.ts";
import type { Handshake } from "./webhook-handshake.ts";
import {
  createWebhookRequest,
  createdWebhook,
  formFields,
  webhookList,
  webhookParameters,
  webhookExecution,
  rotatedWebhook,
  renameWebhookRequest,
  webhook,
  webhookDeliveriesQuery,
  webhookDelivery,
} from "./webhook-schema.ts";

const tag = "Webhooks";

export function webhookRoutes(webhooks: WebhookService): readonly Route[] {
  return [
    list(webhooks),
    create(webhooks),
    rotate(webhooks),
    rename(webhooks),
    remove(webhooks),
    listDeliveries(webhooks),
    confirm(webhooks),
    permit(webhooks),
    execute(webhooks),
  ];
}

function list(webhooks: WebhookService): Route {
  return defineRoute({
    method: "get",
    path: "/workflows/:workflowId/webhooks",
    access: "workflows:read",
    operationId: "listWebhooks",
    tag,
    summary: "List the webhooks of a workflow, without their URLs",
    params: workflowParameters,
    answer: json(webhookList, "The webhooks"),
    errors: ["invalid-workflow-id"],
    handle: async ({ params }) => ({ items: await webhooks.list(params.workflowId) }),
  });
}

function create(webhooks: WebhookService): Route {
  return defineRoute({
    method: "post",
    path: "/workflows/:workflowId/webhooks",
    access: "workflows:deploy",
    operationId: "createWebhook",
    isAudited: true,
    tag,
    summary: "Create a webhook that executes a workflow",
    description:
      "Any client with the URL can execute the workflow without an API key. The URL is shown only once.",
    params: workflowParameters,
    body: jsonBody(createWebhookRequest, { optional: true }),
    answer: json(createdWebhook, "The new webhook", {
      status: 201,
      headers: { location: "URL of the webhook for its removal" },
    }),
    errors: ["invalid-workflow-id", "invalid-entry-point"],
    handle: async ({ params: { workflowId }, body }, context) => {
      const created = await webhooks.create(workflowId, body);
      context.header("location", `/workflows/${workflowId}/webhooks/${created.id}`);
      return created;
    },
  });
}

function rotate(webhooks: WebhookService): Route {
  return defineRoute({
    method: "post",
    path: "/workflows/:workflowId/webhooks/:webhookId/rotate",
    access: "workflows:deploy",
    operationId: "rotateWebhook",
    isAudited: true,
    tag,
    summary: "Rotate the URL of a webhook",
    description: "The previous URL stops working.",
    params: webhookParameters,
    answer: json(rotatedWebhook, "The new URL"),
    errors: ["invalid-workflow-id", "webhook-not-found"],
    handle: async ({ params: { workflowId, webhookId } }) => await webhooks.rotate(workflowId, webhookId),
  });
}

function rename(webhooks: WebhookService): Route {
  return defineRoute({
    method: "patch",
    path: "/workflows/:workflowId/webhooks/:webhookId",
    access: "workflows:deploy",
    operationId: "renameWebhook",
    isAudited: true,
    tag,
    summary: "Change the name of a webhook",
    params: webhookParameters,
    body: jsonBody(renameWebhookRequest),
    answer: json(webhook, "The webhook"),
    errors: ["invalid-workflow-id", "webhook-not-found"],
    handle: async ({ params: { workflowId, webhookId }, body: { name } }) =>
      await webhooks.rename(workflowId, webhookId, name === "" ? undefined : name),
  });
}

function listDeliveries(webhooks: WebhookService): Route {
  return defineRoute({
    method: "get",
    path: "/workflows/:workflowId/webhooks/:webhookId/deliveries",
    access: "executions:read",
    operationId: "listWebhookDeliveries",
    tag,
    summary: "List the latest requests to a webhook, newest first",
    description:
      "The latest 200 requests whose URL was right, whether they started an execution or were rejected, and why.",
    params: webhookParameters,
    query: webhookDeliveriesQuery,
    answer: page(webhookDelivery, "A page of requests"),
    errors: ["invalid-workflow-id", "webhook-not-found", "invalid-cursor"],
    handle: async ({ params: { workflowId, webhookId }, query }) =>
      await webhooks.deliveries(workflowId, webhookId, pageRequest(query, z.int())),
  });
}

function remove(webhooks: WebhookService): Route {
  return defineRoute({
    method: "delete",
    path: "/workflows/:workflowId/webhooks/:webhookId",
    access: "workflows:deploy",
    operationId: "deleteWebhook",
    isAudited: true,
    tag,
    summary: "Delete a webhook",
    params: webhookParameters,
    answer: noContent("The webhook was deleted"),
    errors: ["invalid-workflow-id", "webhook-not-found"],
    handle: async ({ params: { workflowId, webhookId } }) => await webhooks.remove(workflowId, webhookId),
  });
}

function confirm(webhooks: WebhookService): Route {
  return defineRoute({
    method: "get",
    path: "/webhooks/:token",
    access: "public",
    operationId: "confirmWebhook",
    tag,
    summary: "Confirm the URL of a webhook to its sender",
    description:
      "Echoes `hub.challenge` (Meta, WebSub) or `challenge` (Dropbox), and signs `crc_token` (X) at a webhook of that scheme; " +
      "without one of them the answer is empty. It executes nothing.",
    params: webhookToken,
    allowsAnyQuery: true,
    otherAnswers: [
      {
        status: 200,
        description: "The challenge",
        schema: z.string(),
        mediaType: "text/plain",
        otherMediaTypes: ["application/json"],
      },
    ],
    errors: ["webhook-not-found"],
    handle: async ({ params: { token } }, context) => {
      const webhook = await webhooks.open(token);
      const asked = handshakeOfGet(new URL(context.req.url).searchParams, webhook);
      return asked === undefined ? context.text("") : handshakeResponse(context, asked);
    },
  });
}

function permit(webhooks: WebhookService): Route {
  return defineRoute({
    method: "options",
    path: "/webhooks/:token",
    access: "public",
    operationId: "permitWebhook",
    tag,
    summary: "Permit a sender of CloudEvents to post to a webhook",
    description:
      "With `WebHook-Request-Origin`, as Azure Event Grid sends it, the answer is `WebHook-Allowed-Origin` with the same " +
      "value. It executes nothing.",
    params: webhookToken,
    allowsAnyQuery: true,
    otherAnswers: [{ status: 200, description: "The sender may post" }],
    errors: ["webhook-not-found"],
    handle: async ({ params: { token } }, context) => {
      await webhooks.open(token);
      const headers = permissionOf(context.req.header());
      return context.body(null, 200, { allow: "GET, HEAD, OPTIONS, POST", ...headers });
    },
  });
}

function handshakeResponse(context: ApiContext, asked: Handshake): Response {
  return "text" in asked ? context.text(asked.text) : context.json(asked.json);
}

function execute(webhooks: WebhookService): Route {
  return defineRoute({
    method: "post",
    path: "/webhooks/:token",
    access: "public",
    createsWork: true,
    operationId: "executeWebhook",
    tag,
    summary: "Execute a workflow by its webhook",
    description:
      "What other systems post to. The signature is checked as the webhook's scheme has it, over the bytes of the body, and a " +
      "delivery that is repeated executes once. `Content-Encoding` may be gzip, deflate, br or zstd; signatures are over the " +
      "bytes as they were sent. `validationToken` in the query (Microsoft Graph), Slack's `url_verification`, Zoom's " +
      "`endpoint.url_validation` and Event Grid's `SubscriptionValidationEvent` are answered with what they ask for, and " +
      "execute nothing.",
    params: webhookToken,
    allowsAnyQuery: true,
    body: deferBody(webhookRequestBody),
    answer: json(webhookExecution, "It is under way", { status: 202 }),
    otherAnswers: [
      { status: 200, description: "The handshake response", schema: z.string(), mediaType: "text/plain" },
    ],
    errors: [
      "webhook-not-found",
      "signature-invalid",
      "signature-expired",
      "workflow-not-found",
      "restate-unavailable",
    ],
    handle: async ({ params: { token }, body: readBody }, context) => {
      const opened = await webhooks.open(token);
      let bytes = 0;
      const counted = async () => {
        const body = await readBody();
        bytes = body.length;
        return body;
      };
      try {
        const answered = await receive(opened, { token, readBody: counted }, context);
        if (answered instanceof Response) return answered;
        const { executionId, replayed } = answered;
        opened.record({ outcome: replayed ? "repeated" : "accepted", status: 202, executionId, bytes });
        return { executionId };
      } catch (error) {
        const { status, code } = toDuraniumError(error);
        opened.record({ outcome: "rejected", status, code, bytes });
        throw error;
      }
    },
  });
}

/** Answers a handshake, or verifies the request and executes the workflow. */
async function receive(
  webhook: OpenWebhook,
  { token, readBody }: { readonly token: string; readonly readBody: () => Promise<Uint8Array> },
  context: ApiContext,
): Promise<Response | Awaited<ReturnType<ReturnType<OpenWebhook["verify"]>>>> {
  const { search, searchParams } = queryOf(context.req.url);
  const asked = handshakeOfPost(searchParams, webhook);
  if (asked !== undefined) return handshakeResponse(context, asked);
  const headers = context.req.header();
  const bytes = await readBody();
  const content = once(() => decodeContent(bytes, headers["content-encoding"], maxPayloadBytes));
  const start = webhook.verify({ token, headers, query: search, bytes, content });
  const body = await readWebhookContent(content(), headers["content-type"]);
  const handshake = handshakeOfBody(body, webhook);
  if (handshake !== undefined) return handshakeResponse(context, handshake);
  const whole = () => ({
    method: "POST",
    headers,
    query: collectFields(searchParams),
    body,
    ...rawBodyOf(bytes),
  });
  return await start(webhook.payload === "body" ? body : whole(), context.req.raw.signal);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const webhookToken = z.strictObject({ token: z.string().max(100) });

function queryOf(url: string): Pick<URL, "search" | "searchParams"> {
  // The query is taken from the URL as sent, because the parsed URL may normalise it and Twilio signs the original.
  const start = url.indexOf("?");
  return { search: start < 0 ? "" : url.slice(start), searchParams: new URL(url).searchParams };
}

/** Any body. Signatures cover its bytes, so they are verified before the body is parsed. */
const webhookRequestBody: BodyReader<Uint8Array> = {
  required: false,
  content: {
    "application/json": { schema: jsonValue },
    "application/x-www-form-urlencoded": { schema: formFields },
    "multipart/form-data": { schema: formFields },
    "text/*": { schema: z.string() },
    "*/*": { schema: z.string().meta({ format: "binary" }) },
  },
  read: async (request) => await readBytes(request, maxPayloadBytes),
};
