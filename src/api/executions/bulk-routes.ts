import type { z } from "zod";
import { workflowsOf } from "../access/permissions.ts";
import { executionCount, operatedExecutions } from "../contract/execution.ts";
import type { BulkAction, BulkOutcome, ExecutionFilter, ExecutionService } from "../contract/services.ts";
import type { View } from "../contract/wire.ts";
import { json } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { encodeCursor } from "../http/cursor.ts";
import { pageRequest } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { bulkRequest, executionCountQuery, executionPosition } from "./execution-schema.ts";

const tag = "Executions";

/** Routes that count and operate the executions of a filter. */
export function bulkRoutes(executions: ExecutionService): readonly Route[] {
  return [
    count(executions),
    operate(executions, "cancel", "cancel", "Cancel many executions"),
    operate(executions, "pause", "pause", "Pause many executions"),
    operate(executions, "resume", "resume", "Resume many executions"),
    operate(executions, "purge", "delete", "Delete many ended executions"),
  ];
}

function count(executions: ExecutionService): Route {
  return defineRoute({
    method: "get",
    path: "/executions/count",
    access: "executions:read",
    filtersByWorkflow: true,
    operationId: "countExecutions",
    tag,
    summary: "Count executions",
    description: "Takes the filters of the list.",
    query: executionCountQuery,
    answer: json(executionCount, "The number of matching executions"),
    errors: ["invalid-workflow-id", "invalid-entry-point", "restate-unavailable"],
    handle: async ({ query }, context) => await executions.count(filterOf(query, workflowsOf(context))),
  });
}

/** The filter that the query of a list describes. */
export function filterOf(
  query: z.output<typeof executionCountQuery>,
  workflowIds: ExecutionFilter["workflowIds"],
): ExecutionFilter {
  return {
    workflowId: query.workflow,
    workflowIds,
    workflowContains: query["workflow-contains"],
    isRetried: query.retried === undefined ? undefined : query.retried === "true",
    status: query.status,
    version: query.version,
    entryPoint: query["entry-point"],
    createdAfter: query["created-after"],
    createdBefore: query["created-before"],
    tags: query.tag,
    search: query.search,
    payload: query.payload,
  };
}

function operate(executions: ExecutionService, action: BulkAction, verb: string, summary: string): Route {
  return defineRoute({
    method: "post",
    path: `/executions/${verb}`,
    access: "executions:manage",
    filtersByWorkflow: true,
    operationId: `${action}Executions`,
    isAudited: true,
    tag,
    summary,
    description:
      "Acts on the matching executions, newest first, and lists each with the error if it was refused. Executions that the " +
      "action is not about, because they have or have not ended, are left out. If the response has a `cursor`, there may be more: " +
      "repeat the request with it. `GET /executions/count` counts them before.",
    body: jsonBody(bulkRequest),
    answer: json(operatedExecutions, "The outcome for each execution", { status: 202 }),
    errors: ["invalid-workflow-id", "invalid-entry-point", "invalid-cursor", "restate-unavailable"],
    handle: async ({ body }, context) => {
      const { cursor, limit, workflow: workflowId, tag: tags, ...rest } = body;
      const filter = { ...rest, workflowId, tags, workflowIds: workflowsOf(context) };
      const at = pageRequest({ limit, ...(cursor === undefined ? {} : { cursor }) }, executionPosition);
      const { items, next } = await executions.operateAll(action, filter, at);
      return {
        items: items.map(outcomeView),
        ...(next === undefined ? {} : { cursor: encodeCursor(next) }),
      };
    },
  });
}

function outcomeView({
  executionId,
  refusal,
}: BulkOutcome): View<typeof operatedExecutions>["items"][number] {
  if (refusal === undefined) return { executionId };
  return { executionId, error: { code: refusal.code, detail: refusal.message } };
}
