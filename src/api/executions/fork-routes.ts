import { maxPayloadBytes } from "../../domain/limits.ts";
import { workflowsOf } from "../access/permissions.ts";
import type { ApiContext } from "../contract/context.ts";
import { forkedExecution, forkedExecutions, forkRequest } from "../contract/fork.ts";
import type { ExecutionService, ForkOutcome } from "../contract/services.ts";
import type { View } from "../contract/wire.ts";
import { json } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { executionParameters, forkAllRequest } from "./execution-schema.ts";

const tag = "Executions";

/** Routes that fork executions. */
export function forkRoutes(executions: ExecutionService): readonly Route[] {
  return [fork(executions), forkAll(executions)];
}

function fork(executions: ExecutionService): Route {
  return defineRoute({
    method: "post",
    path: "/executions/:executionId/fork",
    access: "executions:manage",
    createsWork: true,
    operationId: "forkExecution",
    isAudited: true,
    tag,
    summary: "Fork an execution from a step",
    description:
      "Starts a new execution that reuses the results of this one up to a step, on the same or another version, and runs on from " +
      "there. What the reused steps did is not done again. The workflow sees the ID, the start time and the random numbers of the " +
      "execution that is forked. Another version is compared with the reused steps first, without side effects: if it requests " +
      "something else, the fork is refused with the difference.",
    params: executionParameters,
    body: jsonBody(forkRequest, { optional: true, maxBytes: maxPayloadBytes }),
    answer: json(forkedExecution, "The fork was started", {
      status: 202,
      headers: { location: "URL of the fork" },
    }),
    errors: [
      "execution-not-found",
      "execution-not-started",
      "step-not-found",
      "fork-refused",
      "version-not-found",
      "workflow-not-found",
      "restate-unavailable",
    ],
    handle: async ({ params, body }, context) => {
      const { forkExecutionId, version } = await executions.fork(params.executionId, body, callerOf(context));
      if (forkExecutionId === undefined) return { version };
      context.header("location", `/executions/${forkExecutionId}`);
      return { executionId: forkExecutionId, version };
    },
  });
}

function forkAll(executions: ExecutionService): Route {
  return defineRoute({
    method: "post",
    path: "/executions/fork",
    access: "executions:manage",
    createsWork: true,
    operationId: "forkExecutions",
    isAudited: true,
    filtersByWorkflow: true,
    tag,
    summary: "Fork many executions from where they failed",
    description:
      "Forks the matching executions that have been neither retried nor forked before: each from its failed step, or with all of " +
      "its results if it failed in its own code. The response lists each with its fork or with the error. With `dryRun`, nothing " +
      "is started.",
    body: jsonBody(forkAllRequest, { optional: true }),
    answer: json(forkedExecutions, "The outcome for each execution", { status: 202 }),
    errors: ["invalid-workflow-id", "invalid-entry-point", "restate-unavailable"],
    handle: async ({ body }, context) => {
      const { version, dryRun, limit, workflow: workflowId, ofVersion, ...rest } = body;
      const filter = { ...rest, workflowId, workflowIds: workflowsOf(context), version: ofVersion };
      const request = { version, limit, ...(dryRun === undefined ? {} : { dryRun }) };
      return { items: (await executions.forkAll(filter, request, callerOf(context))).map(forkedView) };
    },
  });
}

export function callerOf(context: ApiContext) {
  const { id, name } = context.get("apiKey");
  return { id, name };
}

export function forkedView(outcome: ForkOutcome): View<typeof forkedExecutions>["items"][number] {
  if (!("refusal" in outcome)) return outcome;
  const { executionId, refusal } = outcome;
  return { executionId, error: { code: refusal.code, detail: refusal.message } };
}
