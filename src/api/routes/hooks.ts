import { z } from "zod";
import { maxPayloadBytes } from "../../domain/limits.ts";
import { type BodyReader, jsonBody, readText } from "../body.ts";
import type { JsonValue } from "../../domain/json.ts";
import { parseJson } from "../json.ts";
import { hookBody } from "../responses.ts";
import { defineRoute, type Route } from "../route.ts";
import { jsonValue } from "../schemas/common.ts";
import {
  createHookRequest,
  createdHook,
  hookList,
  hookParameters,
  hookedExecution,
  rotatedHook,
} from "../schemas/hook.ts";
import { workflowParameters } from "../schemas/workflow.ts";
import type { HookService } from "../services.ts";

const tag = "Hooks";

export function hookRoutes(hooks: HookService): readonly Route[] {
  return [list(hooks), create(hooks), rotate(hooks), remove(hooks), execute(hooks)];
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
      "What other systems post to. The signature is held against the hook's scheme, and a message that is sent again " +
      "executes once.",
    params: z.strictObject({ token: z.string().max(100) }),
    query: z.looseObject({}),
    body: hookRequestBody,
    answers: [{ status: 202, description: "It is under way", schema: hookedExecution }],
    errors: [
      "invalid-json",
      "body-too-large",
      "unsupported-media-type",
      "hook-not-found",
      "signature-invalid",
      "workflow-not-found",
      "restate-unavailable",
    ],
    handle: async ({ params: { token }, query, body }, context) => {
      const headers = context.req.header();
      const request = { ...body, headers, query: query as Record<string, string> };
      const { executionId } = await hooks.execute(token, request);
      return context.json({ executionId }, 202);
    },
  });
}

interface HookBody {
  readonly text: string;
  readonly body: JsonValue;
}

/** JSON, or a form, whose fields become an object. Signatures are about the text as it came. */
const hookRequestBody: BodyReader<HookBody> = {
  required: false,
  content: {
    "application/json": { schema: jsonValue },
    "application/x-www-form-urlencoded": { schema: z.record(z.string(), z.string()) },
  },
  async read(request) {
    const accepts = ["application/json", "application/x-www-form-urlencoded"];
    const { text, mediaType } = await readText(request, {
      maxBytes: maxPayloadBytes,
      accepts,
      mayBeEmpty: true,
    });
    if (mediaType !== "application/x-www-form-urlencoded")
      return { text, body: text === "" ? null : parseJson(text) };
    return { text, body: Object.fromEntries(new URLSearchParams(text)) };
  },
};
