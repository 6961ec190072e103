import { workflowsOf } from "../access/permissions.ts";
import { retriedExecutions } from "../contract/execution.ts";
import { forkedExecutions } from "../contract/fork.ts";
import { failureGroup } from "../contract/monitoring.ts";
import type { FailureScope, FailureService } from "../contract/monitoring.ts";
import type { ExecutionFilter, ExecutionService } from "../contract/services.ts";
import { retriedView } from "../executions/execution-routes.ts";
import { callerOf, forkedView } from "../executions/fork-routes.ts";
import { json } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { page, pageRequest } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import {
  failureParameters,
  failurePosition,
  failuresQuery,
  forkFailureRequest,
  retryFailureRequest,
} from "./failure-schema.ts";

const tag = "Failures";

export function failureRoutes(
  failures: FailureService,
  executions: Pick<ExecutionService, "retryAll" | "forkAll">,
): readonly Route[] {
  return [list(failures), retry(failures, executions), fork(failures, executions)];
}

function list(failures: FailureService): Route {
  return defineRoute({
    method: "get",
    path: "/failures",
    access: "executions:read",
    filtersByWorkflow: true,
    operationId: "listFailures",
    tag,
    summary: "List failures by cause, the one that was seen last first",
    description:
      "Executions of a workflow that failed with the same kind of error in the same function share a cause, whatever the " +
      "numbers and IDs in their messages. A failure is listed shortly after the execution has ended.",
    query: failuresQuery,
    answer: page(failureGroup, "A page of causes"),
    errors: ["invalid-workflow-id", "invalid-cursor"],
    handle: async ({ query }, context) => {
      const scope = { workflowIds: workflowsOf(context, query.workflow), since: query.since };
      return await failures.list(scope, pageRequest(query, failurePosition));
    },
  });
}

function retry(failures: FailureService, executions: Pick<ExecutionService, "retryAll">): Route {
  return defineRoute({
    method: "post",
    path: "/failures/:failureId/retry",
    access: "executions:manage",
    filtersByWorkflow: true,
    createsWork: true,
    operationId: "retryFailure",
    isAudited: true,
    tag,
    summary: "Retry the executions that failed for a cause",
    description: "As `POST /executions/retry`, for the executions of one cause. None is retried twice.",
    params: failureParameters,
    body: jsonBody(retryFailureRequest, { optional: true }),
    answer: json(retriedExecutions, "The outcome for each execution", { status: 202 }),
    errors: ["failure-not-found", "restate-unavailable"],
    handle: async ({ params, body }, context) => {
      const { from, version, limit, since } = body;
      const scope = { workflowIds: workflowsOf(context), since };
      const filter = await filterOf(failures, params.failureId, scope);
      const retried = await executions.retryAll(filter, { from, version, limit });
      return { items: retried.map(retriedView) };
    },
  });
}

function fork(failures: FailureService, executions: Pick<ExecutionService, "forkAll">): Route {
  return defineRoute({
    method: "post",
    path: "/failures/:failureId/fork",
    access: "executions:manage",
    filtersByWorkflow: true,
    createsWork: true,
    operationId: "forkFailure",
    isAudited: true,
    tag,
    summary: "Fork the executions that failed for a cause",
    description:
      "As `POST /executions/fork`, for the executions of one cause. None is forked twice. With `dryRun`, the response says which " +
      "of them would be forked, and why others would not.",
    params: failureParameters,
    body: jsonBody(forkFailureRequest, { optional: true }),
    answer: json(forkedExecutions, "The outcome for each execution", { status: 202 }),
    errors: ["failure-not-found", "restate-unavailable"],
    handle: async ({ params, body: { since, ...request } }, context) => {
      const scope = { workflowIds: workflowsOf(context), since };
      const filter = await filterOf(failures, params.failureId, scope);
      return { items: (await executions.forkAll(filter, request, callerOf(context))).map(forkedView) };
    },
  });
}

async function filterOf(
  failures: FailureService,
  failureId: string,
  scope: FailureScope,
): Promise<ExecutionFilter> {
  const executionIds = await failures.executions(failureId, scope, maxCandidates);
  return { workflowIds: scope.workflowIds, executionIds, status: "failed" };
}

/** Executions of a cause among which those without a retry or a fork are sought. */
const maxCandidates = 2_000;
