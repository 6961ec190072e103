import { assertScope } from "../../domain/permissions.ts";
import { workflowsOf } from "../access/permissions.ts";
import { workflowIdParameter } from "../contract/fields.ts";
import type { WorkflowService } from "../contract/services.ts";
import { workflow } from "../contract/workflow.ts";
import { json, noContent } from "../http/answer.ts";
import { page, pageRequest } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { listParameters, workflowParameters } from "./workflow-schema.ts";

const tag = "Workflows";

export function workflowRoutes(workflows: WorkflowService): readonly Route[] {
  return [list(workflows), get(workflows), remove(workflows)];
}

function list(workflows: WorkflowService): Route {
  return defineRoute({
    method: "get",
    path: "/workflows",
    access: "workflows:read",
    operationId: "listWorkflows",
    tag,
    summary: "List workflows",
    description: "Lists deployed workflows.",
    filtersByWorkflow: true,
    query: listParameters,
    answer: page(workflow, "A page of workflows"),
    errors: ["invalid-workflow-id", "invalid-cursor", "restate-unavailable"],
    handle: async ({ query }, context) => {
      if (query.recent !== undefined) assertScope(context.get("apiKey"), "executions:read");
      const { workflow: only, recent } = query;
      const request = {
        ...pageRequest(query, workflowIdParameter),
        ...(recent === undefined ? {} : { recent }),
      };
      return await workflows.list(request, workflowsOf(context, only));
    },
  });
}

function get(workflows: WorkflowService): Route {
  return defineRoute({
    method: "get",
    path: "/workflows/:workflowId",
    access: "workflows:read",
    operationId: "getWorkflow",
    tag,
    summary: "Get a workflow",
    params: workflowParameters,
    answer: json(workflow, "The workflow"),
    errors: ["invalid-workflow-id", "workflow-not-found", "restate-unavailable"],
    handle: async ({ params }) => await workflows.get(params.workflowId),
  });
}

function remove(workflows: WorkflowService): Route {
  return defineRoute({
    method: "delete",
    path: "/workflows/:workflowId",
    access: "workflows:deploy",
    operationId: "deleteWorkflow",
    isAudited: true,
    tag,
    summary: "Delete a workflow with its versions",
    description:
      "Its secrets, webhooks and draft are deleted immediately. Running executions keep their settings, and executions " +
      "can be read until they expire or the name is deployed again, which deletes them, the state and the old versions. " +
      "The name cannot be deployed while an execution is running. API keys that are bound to the workflow lose it when a " +
      "key that is bound to none deploys the name again.",
    params: workflowParameters,
    answer: noContent("The workflow was deleted"),
    errors: ["invalid-workflow-id", "workflow-not-found", "restate-unavailable"],
    handle: async ({ params }) => await workflows.remove(params.workflowId),
  });
}
