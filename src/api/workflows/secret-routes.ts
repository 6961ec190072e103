import type { SecretService } from "../contract/services.ts";
import { jsonBody } from "../http/body.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { secretBody, secret, secretList, secretParameters, setSecretRequest } from "./secret-schema.ts";
import { workflowParameters } from "./workflow-schema.ts";

const tag = "Secrets";

export function secretRoutes(secrets: SecretService): readonly Route[] {
  return [list(secrets), set(secrets), remove(secrets)];
}

function list(secrets: SecretService): Route {
  return defineRoute({
    method: "get",
    path: "/workflows/:workflowId/secrets",
    access: "workflows:read",
    operationId: "listSecrets",
    tag,
    summary: "List the secrets of a workflow, without their values",
    params: workflowParameters,
    answers: [{ status: 200, description: "The secrets", schema: secretList }],
    errors: ["invalid-workflow-id"],
    handle: async ({ params }, context) =>
      context.json({ items: (await secrets.list(params.workflowId)).map(secretBody) }),
  });
}

function set(secrets: SecretService): Route {
  return defineRoute({
    method: "put",
    path: "/workflows/:workflowId/secrets/:name",
    access: "secrets:write",
    operationId: "setSecret",
    isAudited: true,
    tag,
    summary: "Set a secret of a workflow",
    description:
      "Executions, including running ones, use it from their next request on. The workflow reads a placeholder from " +
      "`ctx.secrets`, which is replaced by the value in requests to one of the hosts.",
    params: secretParameters,
    body: jsonBody(setSecretRequest),
    answers: [{ status: 200, description: "The secret was set", schema: secret }],
    errors: ["invalid-workflow-id", "invalid-json", "body-too-large", "unsupported-media-type"],
    handle: async ({ params: { workflowId, name }, body }, context) =>
      context.json(secretBody(await secrets.set(workflowId, { name, ...body }))),
  });
}

function remove(secrets: SecretService): Route {
  return defineRoute({
    method: "delete",
    path: "/workflows/:workflowId/secrets/:name",
    access: "secrets:write",
    operationId: "deleteSecret",
    isAudited: true,
    tag,
    summary: "Remove a secret of a workflow",
    params: secretParameters,
    answers: [{ status: 204, description: "The secret was deleted" }],
    errors: ["invalid-workflow-id", "secret-not-found"],
    handle: async ({ params: { workflowId, name } }, context) => {
      await secrets.remove(workflowId, name);
      return context.body(null, 204);
    },
  });
}
