import { z } from "zod";
import { maxPayloadBytes } from "../../domain/limits.ts";
import { type ApiContext } from "../contract/context.ts";
import type { HookService } from "../contract/services.ts";
import { type BodyReader, jsonBody, readBytes, readLater } from "../http/body.ts";
import { jsonValue } from "../http/common-schema.ts";
import { decodeContent } from "../http/content-coding.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { workflowParameters } from "../workflows/workflow-schema.ts";
import { collectFields, rawBodyOf, readHookContent } from "./hook-content.ts";
import { handshakeOfBody, handshakeOfGet, handshakeOfPost, permissionOf } from "./hook-handshake.ts";
import type { Handshake } from "./hook-handshake.ts";
import {
  hookBody,
  createHookRequest,
  createdHook,
  formFields,
  hookList,
  hookParameters,
  hookedExecution,
  rotatedHook,
} from "./hook-schema.ts";

const tag = "Hooks";

export function hookRoutes(hooks: HookService): readonly Route[] {
  return [
    list(hooks),
    create(hooks),
    rotate(hooks),
    remove(hooks),
    confirm(hooks),
    permit(hooks),
    execute(hooks),
  ];
}

function list(hooks: HookService): Route {
  return defineRoute({
    method: "get",
    path: "/workflows/:workflowId/hooks",
    access: "workflows:read",
    operationId: "listHooks",
    tag,
    summary: "List the hooks of a workflow, without their addresses",
    params: workflowParameters,
    answers: [{ status: 200, description: "Its hooks", schema: hookList }],
    errors: ["invalid-workflow-id"],
    handle: async ({ params }, context) =>
      context.json({ items: (await hooks.list(params.workflowId)).map(hookBody) }),
  });
}

function create(hooks: HookService): Route {
  return defineRoute({
    method: "post",
    path: "/workflows/:workflowId/hooks",
    access: "workflows:deploy",
    operationId: "createHook",
    isAudited: true,
    tag,
    summary: "Make an address that executes a workflow",
    description:
      "Whoever has the address can execute the workflow: it needs no API key. It is told this once.",
    params: workflowParameters,
    body: jsonBody(createHookRequest, { optional: true }),
    answers: [
      {
        status: 201,
        description: "The new hook",
        schema: createdHook,
        headers: { location: "The address to remove it by" },
      },
    ],
    errors: [
      "invalid-workflow-id",
      "invalid-entry-point",
      "invalid-json",
      "body-too-large",
      "unsupported-media-type",
    ],
    handle: async ({ params: { workflowId }, body }, context) => {
      const { url, ...created } = await hooks.create(workflowId, body);
      context.header("location", `/workflows/${workflowId}/hooks/${created.id}`);
      return context.json({ ...hookBody(created), url }, 201);
    },
  });
}

function rotate(hooks: HookService): Route {
  return defineRoute({
    method: "post",
    path: "/workflows/:workflowId/hooks/:hookId/rotate",
    access: "workflows:deploy",
    operationId: "rotateHook",
    isAudited: true,
    tag,
    summary: "Give a hook another address",
    description: "The one before executes nothing any more.",
    params: hookParameters,
    answers: [{ status: 200, description: "The new address", schema: rotatedHook }],
    errors: ["invalid-workflow-id", "hook-not-found"],
    handle: async ({ params: { workflowId, hookId } }, context) =>
      context.json(await hooks.rotate(workflowId, hookId)),
  });
}

function remove(hooks: HookService): Route {
  return defineRoute({
    method: "delete",
    path: "/workflows/:workflowId/hooks/:hookId",
    access: "workflows:deploy",
    operationId: "deleteHook",
    isAudited: true,
    tag,
    summary: "Remove a hook",
    params: hookParameters,
    answers: [{ status: 204, description: "It is gone" }],
    errors: ["invalid-workflow-id", "hook-not-found"],
    handle: async ({ params: { workflowId, hookId } }, context) => {
      await hooks.remove(workflowId, hookId);
      return context.body(null, 204);
    },
  });
}

function confirm(hooks: HookService): Route {
  return defineRoute({
    method: "get",
    path: "/hooks/:token",
    access: "public",
    operationId: "confirmHook",
    tag,
    summary: "Confirm the address of a hook to a system that is about to post there",
    description:
      "Echoes `hub.challenge` (Meta, WebSub) or `challenge` (Dropbox), and signs `crc_token` (X) at a hook of that scheme; " +
      "without one of them the answer is empty. It executes nothing.",
    params: hookToken,
    takesAnyQuery: true,
    answers: [
      {
        status: 200,
        description: "The challenge",
        schema: z.string(),
        mediaType: "text/plain",
        otherMediaTypes: ["application/json"],
      },
    ],
    errors: ["hook-not-found"],
    handle: async ({ params: { token } }, context) => {
      const hook = await hooks.open(token);
      const asked = handshakeOfGet(new URL(context.req.url).searchParams, hook);
      return asked === undefined ? context.text("") : handshakeResponse(context, asked);
    },
  });
}

function permit(hooks: HookService): Route {
  return defineRoute({
    method: "options",
    path: "/hooks/:token",
    access: "public",
    operationId: "permitHook",
    tag,
    summary: "Permit a sender of CloudEvents to post to a hook",
    description:
      "With `WebHook-Request-Origin`, as Azure Event Grid sends it, the answer is `WebHook-Allowed-Origin` with the same " +
      "value. It executes nothing.",
    params: hookToken,
    takesAnyQuery: true,
    answers: [{ status: 200, description: "It may post" }],
    errors: ["hook-not-found"],
    handle: async ({ params: { token } }, context) => {
      await hooks.open(token);
      const headers = permissionOf(context.req.header());
      return context.body(null, 200, { allow: "GET, HEAD, OPTIONS, POST", ...headers });
    },
  });
}

function handshakeResponse(context: ApiContext, asked: Handshake): Response {
  return "text" in asked ? context.text(asked.text) : context.json(asked.json);
}

function execute(hooks: HookService): Route {
  return defineRoute({
    method: "post",
    path: "/hooks/:token",
    access: "public",
    beginsWork: true,
    operationId: "executeHook",
    tag,
    summary: "Execute a workflow by its hook",
    description:
      "What other systems post to. The signature is checked as the hook's scheme has it, over the bytes of the body, and a " +
      "delivery that is repeated executes once. `Content-Encoding` may be gzip, deflate, br or zstd; signatures are over the " +
      "bytes as they were sent. `validationToken` in the query (Microsoft Graph), Slack's `url_verification`, Zoom's " +
      "`endpoint.url_validation` and Event Grid's `SubscriptionValidationEvent` are answered with what they ask for, and " +
      "execute nothing.",
    params: hookToken,
    takesAnyQuery: true,
    body: readLater(hookRequestBody),
    answers: [
      { status: 200, description: "The answer to a handshake", schema: z.string(), mediaType: "text/plain" },
      { status: 202, description: "It is under way", schema: hookedExecution },
    ],
    errors: [
      "invalid-json",
      "body-too-large",
      "unsupported-media-type",
      "hook-not-found",
      "signature-invalid",
      "signature-expired",
      "workflow-not-found",
      "restate-unavailable",
    ],
    handle: async ({ params: { token }, body: readBody }, context) => {
      const hook = await hooks.open(token);
      const { search, searchParams } = queryOf(context.req.url);
      const asked = handshakeOfPost(searchParams, hook);
      if (asked !== undefined) return handshakeResponse(context, asked);
      const headers = context.req.header();
      const bytes = await readBody();
      const content = once(() => decodeContent(bytes, headers["content-encoding"], maxPayloadBytes));
      const begin = hook.verify({ token, headers, query: search, bytes, content });
      const body = await readHookContent(content(), headers["content-type"]);
      const handshake = handshakeOfBody(body, hook);
      if (handshake !== undefined) return handshakeResponse(context, handshake);
      const whole = () => ({
        method: "POST",
        headers,
        query: collectFields(searchParams),
        body,
        ...rawBodyOf(bytes),
      });
      const { executionId } = await begin(hook.payload === "body" ? body : whole());
      return context.json({ executionId }, 202);
    },
  });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const hookToken = z.strictObject({ token: z.string().max(100) });

function queryOf(url: string): Pick<URL, "search" | "searchParams"> {
  // Not the parsed URL's own text, which may be spelled otherwise: Twilio signs it as it was sent.
  const start = url.indexOf("?");
  return { search: start < 0 ? "" : url.slice(start), searchParams: new URL(url).searchParams };
}

/** Any body. Signatures are about its bytes, so they are checked before anything is made of it. */
const hookRequestBody: BodyReader<Uint8Array> = {
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
