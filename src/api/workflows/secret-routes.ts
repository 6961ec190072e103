import { secret, secretList } from "../contract/secret.ts";
import type { SecretService } from "../contract/services.ts";
import { json, noContent } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { secretParameters, setSecretRequest } from "./secret-schema.ts";
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
    answer: json(secretList, "The secrets"),
    errors: ["invalid-workflow-id"],
    handle: async ({ params }) => ({ items: await secrets.list(params.workflowId) }),
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
    answer: json(secret, "The secret was set"),
    errors: ["invalid-workflow-id"],
    handle: async ({ params: { workflowId, name }, body }) =>
      await secrets.set(workflowId, { name, ...body }),
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
    answer: noContent("The secret was deleted"),
    errors: ["invalid-workflow-id", "secret-not-found"],
    handle: async ({ params: { workflowId, name } }) => await secrets.remove(workflowId, name),
  });
}
