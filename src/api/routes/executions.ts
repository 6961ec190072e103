import { isFinal } from "../../domain/execution.ts";
import type { ExecutionDetail, ExecutionStatus } from "../../domain/execution.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { maxEventBytes, maxPayloadBytes } from "../../domain/limits.ts";
import { jsonBody, jsonValueBody } from "../body.ts";
import { parsePreferWait } from "../prefer.ts";
import {
  endedExecutionBody,
  executionBody,
  executionSummaryBody,
  pageBody,
  retriedBody,
} from "../responses.ts";
import { type ApiContext, defineRoute, type Route } from "../route.ts";
import { jsonValue, pageOf } from "../schemas/common.ts";
import {
  endedExecution,
  eventParameters,
  executeHeaders,
  executeQuery,
  executionDetail,
  executionParameters,
  executionReference,
  executionSummary,
  executionsQuery,
  retriedExecutions,
  retryAllRequest,
  retryRequest,
  sentEvent,
  startedExecution,
} from "../schemas/execution.ts";
import { workflowParameters } from "../schemas/workflow.ts";
import type { ExecuteRequest, ExecutionFilter, ExecutionService } from "../services.ts";

const tag = "Executions";

/** `closing` aborts when the API is about to close: those who wait are then told what is known so far. */
export function executionRoutes(executions: ExecutionService, closing: AbortSignal): readonly Route[] {
  return [
    execute(executions, closing),
    list(executions),
    get(executions),
    cancel(executions),
    pause(executions),
    resume(executions),
    retry(executions),
    retryAll(executions),
    purge(executions),
    sendEvent(executions),
  ];
}

function execute(executions: ExecutionService, closing: AbortSignal): Route {
  return defineRoute({
    method: "post",
    path: "/workflows/:workflowId/execute",
    access: "key",
    operationId: "executeWorkflow",
    tag,
    summary: "Execute a workflow",
    description:
      "Begins a durable execution of the current version. Once this is answered, the execution will run to " +
      "its end, whatever dies meanwhile. With `Prefer: wait=N` the answer is 200 if it ends in time, also " +
      "where the workflow failed: then `status` is `failed`, and `failure` says why.",
    params: workflowParameters,
    query: executeQuery,
    headers: executeHeaders,
    body: jsonValueBody(
      {
        schema: jsonValue.meta({ description: "The payload: any JSON. An empty body is `null`" }),
        examples: { order: { summary: "An order", value: { orderId: 4711 } } },
      },
      maxPayloadBytes,
    ),
    answers: [
      { status: 200, description: "It ended in time", schema: endedExecution, headers: executeAnswerHeaders },
      {
        status: 202,
        description: "It is under way",
        schema: startedExecution,
        headers: executeAnswerHeaders,
      },
    ],
    errors: [
      "invalid-workflow-id",
      "invalid-entry-point",
      "invalid-json",
      "body-too-large",
      "unsupported-media-type",
      "workflow-not-found",
      "idempotency-conflict",
      "restate-unavailable",
    ],
    handle: async ({ params, query, headers, body }, context) => {
      const request: ExecuteRequest = {
        workflowId: params.workflowId,
        payload: body,
        ...(query["entry-point"] === undefined ? {} : { entryPoint: query["entry-point"] }),
        ...(headers["idempotency-key"] === undefined ? {} : { idempotencyKey: headers["idempotency-key"] }),
      };
      const waitSeconds = parsePreferWait(headers.prefer);
      return answerExecute(executions, { request, waitSeconds, closing }, context);
    },
  });
}

const executeAnswerHeaders = {
  location: "The address of the execution",
  "preference-applied": "`wait=N`, where the request asked for it",
  "idempotency-replayed": "`true` where the idempotency key was known, and nothing was begun",
};

async function answerExecute(
  executions: ExecutionService,
  options: {
    readonly request: ExecuteRequest;
    readonly waitSeconds: number | undefined;
    readonly closing: AbortSignal;
  },
  context: ApiContext,
): Promise<Response> {
  const { request, waitSeconds, closing } = options;
  const { executionId, replayed } = await executions.execute(request);
  context.header("location", `/executions/${executionId}`);
  if (replayed) context.header("idempotency-replayed", "true");
  if (waitSeconds !== undefined) context.header("preference-applied", `wait=${waitSeconds}`);

  const { workflowId } = request;
  if (!replayed && (waitSeconds ?? 0) === 0) {
    return context.json({ executionId, workflowId, status: "scheduled" }, 202);
  }
  const timeoutMs = (waitSeconds ?? 0) * 1_000;
  const execution = await waitFor(executions, { executionId, timeoutMs, closing }, context.req.raw.signal);
  if (waitSeconds !== undefined && isFinal(execution.status)) {
    return context.json(endedExecutionBody(execution), 200);
  }
  return context.json({ executionId, workflowId, status: execution.status }, 202);
}

async function waitFor(
  executions: ExecutionService,
  options: {
    readonly executionId: ExecutionId;
    readonly timeoutMs: number;
    readonly closing: AbortSignal;
  },
  gone: AbortSignal,
): Promise<ExecutionDetail> {
  const { executionId, timeoutMs, closing } = options;
  if (timeoutMs === 0 || closing.aborted) return executions.get(executionId);
  try {
    return await executions.wait(executionId, timeoutMs, AbortSignal.any([gone, closing]));
  } catch (error) {
    if (closing.aborted && !gone.aborted) return executions.get(executionId);
    throw error;
  }
}

function list(executions: ExecutionService): Route {
  return defineRoute({
    method: "get",
    path: "/executions",
    access: "key",
    operationId: "listExecutions",
    tag,
    summary: "List executions, the newest first",
    query: executionsQuery,
    answers: [{ status: 200, description: "A page of executions", schema: pageOf(executionSummary) }],
    errors: ["invalid-workflow-id", "invalid-cursor", "restate-unavailable"],
    handle: async ({ query }, context) => {
      const { workflow, status, "created-after": after, "created-before": before, ...page } = query;
      const filter = filterOf({ workflow, status, createdAfter: after, createdBefore: before });
      return context.json(pageBody(await executions.list(filter, page), executionSummaryBody));
    },
  });
}

function filterOf(given: {
  readonly workflow?: WorkflowId | undefined;
  readonly status?: ExecutionStatus | undefined;
  readonly createdAfter?: string | undefined;
  readonly createdBefore?: string | undefined;
}): ExecutionFilter {
  return {
    workflowId: given.workflow,
    status: given.status,
    createdAfter: given.createdAfter === undefined ? undefined : Date.parse(given.createdAfter),
    createdBefore: given.createdBefore === undefined ? undefined : Date.parse(given.createdBefore),
  };
}

function get(executions: ExecutionService): Route {
  return defineRoute({
    method: "get",
    path: "/executions/:executionId",
    access: "key",
    operationId: "getExecution",
    tag,
    summary: "Get an execution with its steps",
    params: executionParameters,
    answers: [{ status: 200, description: "The execution", schema: executionDetail }],
    errors: ["execution-not-found", "restate-unavailable"],
    handle: async ({ params }, context) =>
      context.json(executionBody(await executions.get(params.executionId))),
  });
}

function cancel(executions: ExecutionService): Route {
  return command("cancel", {
    summary: "Cancel an execution",
    description: "Asks the execution to end. It has ended when its status is `cancelled`.",
    answer: "It will be cancelled",
    carryOut: (executionId) => executions.cancel(executionId),
  });
}

function pause(executions: ExecutionService): Route {
  return command("pause", {
    summary: "Pause an execution",
    description:
      "Stops the execution where it is, as soon as the operations that run have ended. Its status is then " +
      "`paused`, and it goes on when it is resumed.",
    answer: "It will be paused",
    carryOut: (executionId) => executions.pause(executionId),
  });
}

function resume(executions: ExecutionService): Route {
  return command("resume", {
    summary: "Resume an execution",
    description: "Lets a paused execution go on, and one that waits for its next attempt try at once.",
    answer: "It goes on",
    carryOut: (executionId) => executions.resume(executionId),
  });
}

/** What is asked of an execution that is under way. */
function command(
  verb: "cancel" | "pause" | "resume",
  options: {
    readonly summary: string;
    readonly description: string;
    readonly answer: string;
    readonly carryOut: (executionId: ExecutionId) => Promise<void>;
  },
): Route {
  const { summary, description, answer, carryOut } = options;
  return defineRoute({
    method: "post",
    path: `/executions/:executionId/${verb}`,
    access: "key",
    operationId: `${verb}Execution`,
    tag,
    summary,
    description,
    params: executionParameters,
    answers: [{ status: 202, description: answer, schema: executionReference }],
    errors: ["execution-not-found", "execution-ended", "restate-unavailable"],
    handle: async ({ params }, context) => {
      await carryOut(params.executionId);
      context.header("location", `/executions/${params.executionId}`);
      return context.json({ executionId: params.executionId }, 202);
    },
  });
}

function sendEvent(executions: ExecutionService): Route {
  return defineRoute({
    method: "post",
    path: "/executions/:executionId/events/:name",
    access: "key",
    operationId: "sendEvent",
    tag,
    summary: "Send an event to an execution",
    description:
      "The workflow gets it from `ctx.waitForEvent(name)`: events are kept until they are waited for, and those " +
      "of one name are delivered in the order in which they were sent.",
    params: eventParameters,
    body: jsonValueBody(
      { schema: jsonValue.meta({ description: "The payload: any JSON. An empty body is `null`" }) },
      maxEventBytes,
    ),
    answers: [{ status: 202, description: "The execution has it", schema: sentEvent }],
    errors: [
      "invalid-event-name",
      "invalid-json",
      "body-too-large",
      "unsupported-media-type",
      "execution-not-found",
      "execution-ended",
      "execution-not-begun",
      "too-many-events",
      "restate-unavailable",
    ],
    handle: async ({ params: { executionId, name }, body }, context) => {
      await executions.sendEvent(executionId, name, body);
      return context.json({ executionId, event: name }, 202);
    },
  });
}

function retry(executions: ExecutionService): Route {
  return defineRoute({
    method: "post",
    path: "/executions/:executionId/retry",
    access: "key",
    operationId: "retryExecution",
    tag,
    summary: "Begin again with the same input",
    description:
      "Begins a new execution with the entry point and payload of one that has ended: from the start, or " +
      "from the step that failed.",
    params: executionParameters,
    body: jsonBody(retryRequest, { optional: true }),
    answers: [
      {
        status: 202,
        description: "The new execution is under way",
        schema: executionReference,
        headers: { location: "The address of the new execution" },
      },
    ],
    errors: [
      "invalid-json",
      "body-too-large",
      "unsupported-media-type",
      "execution-not-found",
      "execution-not-ended",
      "no-failed-step",
      "restate-unavailable",
    ],
    handle: async ({ params, body }, context) => {
      const { executionId } = await executions.retry(params.executionId, body);
      context.header("location", `/executions/${executionId}`);
      return context.json({ executionId }, 202);
    },
  });
}

function retryAll(executions: ExecutionService): Route {
  return defineRoute({
    method: "post",
    path: "/executions/retry",
    access: "key",
    operationId: "retryExecutions",
    tag,
    summary: "Retry many executions",
    description:
      "Retries the executions that match, but for those that have been retried before. Each that cannot be " +
      "retried so is told of, and does not stop the others.",
    body: jsonBody(retryAllRequest, { optional: true }),
    answers: [{ status: 202, description: "What came of each", schema: retriedExecutions }],
    errors: [
      "invalid-json",
      "invalid-workflow-id",
      "body-too-large",
      "unsupported-media-type",
      "restate-unavailable",
    ],
    handle: async ({ body }, context) => {
      const { from, version, limit, ...filter } = body;
      const retried = await executions.retryAll(filterOf(filter), { from, version, limit });
      return context.json({ items: retried.map(retriedBody) }, 202);
    },
  });
}

function purge(executions: ExecutionService): Route {
  return defineRoute({
    method: "delete",
    path: "/executions/:executionId",
    access: "key",
    operationId: "purgeExecution",
    tag,
    summary: "Forget an execution that has ended",
    description: "Removes its input, its result and its steps, which are otherwise kept for 30 days.",
    params: executionParameters,
    answers: [{ status: 204, description: "It is forgotten" }],
    errors: ["execution-not-found", "execution-not-ended", "restate-unavailable"],
    handle: async ({ params }, context) => {
      await executions.purge(params.executionId);
      return context.body(null, 204);
    },
  });
}
