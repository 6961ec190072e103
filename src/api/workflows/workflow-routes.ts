import { assertScope } from "../../domain/permissions.ts";
import { workflowsOf } from "../access/permissions.ts";
import { workflowIdParameter } from "../contract/fields.ts";
import type { WorkflowService } from "../contract/services.ts";
import { workflow } from "../contract/workflow.ts";
import { json, noContent } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { page, pageRequest } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { listParameters, pauseWorkflowRequest, workflowParameters } from "./workflow-schema.ts";

const tag = "Workflows";

export function workflowRoutes(workflows: WorkflowService): readonly Route[] {
  return [list(workflows), get(workflows), pause(workflows), resume(workflows), remove(workflows)];
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

function pause(workflows: WorkflowService): Route {
  return defineRoute({
    method: "post",
    path: "/workflows/:workflowId/pause",
    access: "executions:manage",
    operationId: "pauseWorkflow",
    isAudited: true,
    tag,
    summary: "Pause a workflow",
    description:
      "New executions are accepted and wait, with the status `queued`, until the workflow is resumed: those of callers, " +
      "schedules, webhooks and other workflows. Executions that have started continue, unless `running` is true. Pausing " +
      "again replaces the note, and can include running executions.",
    params: workflowParameters,
    body: jsonBody(pauseWorkflowRequest),
    answer: json(workflow, "The paused workflow"),
    errors: ["invalid-workflow-id", "workflow-not-found", "restate-unavailable"],
    handle: async ({ params, body: { note, running = false } }, context) =>
      await workflows.pause(params.workflowId, {
        by: context.get("apiKey").name,
        running,
        ...(note === undefined ? {} : { note }),
      }),
  });
}

function resume(workflows: WorkflowService): Route {
  return defineRoute({
    method: "post",
    path: "/workflows/:workflowId/resume",
    access: "executions:manage",
    operationId: "resumeWorkflow",
    isAudited: true,
    tag,
    summary: "Resume a paused workflow",
    description:
      "Executions that wait start in the order in which they were created, and those that the pause has paused continue. " +
      "Executions that were paused one by one stay paused. Does nothing if the workflow is not paused.",
    params: workflowParameters,
    answer: json(workflow, "The resumed workflow"),
    errors: ["invalid-workflow-id", "workflow-not-found", "restate-unavailable"],
    handle: async ({ params }) => await workflows.resume(params.workflowId),
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
      "Its secrets, webhooks, draft, schedules and alert rules are deleted immediately, and executions that are queued end as " +
      "`skipped`. Running executions keep their settings, and executions " +
      "can be read until they expire or the name is deployed again, which deletes them, the state and the old versions. " +
      "The name cannot be deployed while an execution is running. API keys that are bound to the workflow lose it when a " +
      "key that is bound to none deploys the name again.",
    params: workflowParameters,
    answer: noContent("The workflow was deleted"),
    errors: ["invalid-workflow-id", "workflow-not-found", "restate-unavailable"],
    handle: async ({ params }) => await workflows.remove(params.workflowId),
  });
}
