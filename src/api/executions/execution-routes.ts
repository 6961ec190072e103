import { isFinal } from "../../domain/execution.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { maxPayloadBytes, maxStepBytes } from "../../domain/limits.ts";
import { workflowsOf } from "../access/permissions.ts";
import { type ApiContext } from "../contract/context.ts";
import {
  endedExecution,
  executionDetail,
  executionReference,
  executionSummary,
  openCallbacks,
  rescheduledExecution,
  retriedExecutions,
  sentEvent,
  startedExecution,
  step,
} from "../contract/execution.ts";
import { jsonValue } from "../contract/fields.ts";
import { maxEventBytes } from "../contract/limits.ts";
import type { ExecuteRequest, ExecutionService, RetryOutcome } from "../contract/services.ts";
import type { View } from "../contract/wire.ts";
import { json, noContent } from "../http/answer.ts";
import { jsonBody, jsonTextBody, jsonValueBody } from "../http/body.ts";
import { page, pageRequest } from "../http/paging.ts";
import { parsePreferWait } from "../http/prefer.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { bulkRoutes, filterOf } from "./bulk-routes.ts";
import { getRecording } from "./recording-routes.ts";
import { forkRoutes } from "./fork-routes.ts";
import { workflowParameters } from "../workflows/workflow-schema.ts";
import {
  eventParameters,
  executeHeaders,
  executeQuery,
  executionParameters,
  rescheduleRequest,
  executionPosition,
  executionsQuery,
  retryAllRequest,
  retryRequest,
  stepParameters,
} from "./execution-schema.ts";

const tag = "Executions";

/** `closing` aborts when the API is about to close: waiting callers then get the current status. */
export function executionRoutes(executions: ExecutionService, closing: AbortSignal): readonly Route[] {
  return [
    execute(executions, closing),
    list(executions),
    ...bulkRoutes(executions),
    ...forkRoutes(executions),
    get(executions),
    getStep(executions),
    getRecording(executions),
    listCallbacks(executions),
    reschedule(executions),
    cancel(executions),
    pause(executions),
    resume(executions),
    retry(executions),
    retryAll(executions),
    purge(executions),
    sendEvent(executions),
  ];
}

const executeDescription =
  "Starts a durable execution of the current version. Once the response is sent, the execution runs to its end " +
  "even if processes crash. With `Prefer: wait=N` the status is 200 if the execution ends in time, also if the " +
  "workflow failed: `status` is then `failed`, and `failure` has the reason. Its times are by the clock of the " +
  "process that waited. If too many requests wait, in total or with the same API key, the response is sent " +
  "immediately, as without `Prefer`, and has no `Preference-Applied`.";

function execute(executions: ExecutionService, closing: AbortSignal): Route {
  return defineRoute({
    method: "post",
    path: "/workflows/:workflowId/execute",
    access: "executions:run",
    createsWork: true,
    operationId: "executeWorkflow",
    tag,
    summary: "Execute a workflow",
    description: executeDescription,
    params: workflowParameters,
    query: executeQuery,
    headers: executeHeaders,
    body: jsonTextBody(
      {
        schema: jsonValue.meta({ description: "The payload: any JSON. An empty body is `null`" }),
        examples: { order: { summary: "An order", value: { orderId: 4711 } } },
      },
      maxPayloadBytes,
    ),
    otherAnswers: [ended, started],
    errors: [
      "invalid-workflow-id",
      "invalid-entry-point",
      "workflow-not-found",
      "idempotency-conflict",
      "restate-unavailable",
    ],
    handle: async ({ params, query, headers, body }, context) => {
      const { id, name } = context.get("apiKey");
      const request: ExecuteRequest = {
        workflowId: params.workflowId,
        payload: body,
        caller: { id, name },
        ...(query.tag === undefined ? {} : { tags: query.tag }),
        ...(query["entry-point"] === undefined ? {} : { entryPoint: query["entry-point"] }),
        ...startAtOf(query),
        ...(headers["idempotency-key"] === undefined ? {} : { idempotencyKey: headers["idempotency-key"] }),
      };
      const waitSeconds = parsePreferWait(headers.prefer);
      return respondToExecute(executions, { request, waitSeconds, closing }, context);
    },
  });
}

function startAtOf({ delay, at }: { readonly delay?: number; readonly at?: number }): { startAt?: number } {
  if (delay !== undefined) return { startAt: Date.now() + delay };
  return at === undefined ? {} : { startAt: at };
}

function reschedule(executions: ExecutionService): Route {
  return defineRoute({
    method: "patch",
    path: "/executions/:executionId",
    access: "executions:manage",
    operationId: "rescheduleExecution",
    isAudited: true,
    tag,
    summary: "Change the time of a scheduled execution",
    description:
      "The execution keeps its ID and its idempotency key, except one that a workflow sent: that gets a new ID, and the former " +
      "one refers to it from then on. An execution that starts within a second cannot be changed.",
    params: executionParameters,
    body: jsonBody(rescheduleRequest),
    answer: json(rescheduledExecution, "The execution that starts at that time"),
    errors: ["execution-not-found", "execution-started", "restate-unavailable"],
    handle: async ({ params, body }) => await executions.reschedule(params.executionId, body.scheduledAt),
  });
}

const executeAnswerHeaders = {
  location: "URL of the execution",
  "preference-applied": "`wait=N`, where the request asked for it and it was waited",
  "idempotency-replayed": "`true` if the idempotency key was known and no execution was started",
};

const ended = json(endedExecution, "The execution ended in time", { headers: executeAnswerHeaders });

const started = json(startedExecution, "The execution was started", {
  status: 202,
  headers: executeAnswerHeaders,
});

async function respondToExecute(
  executions: ExecutionService,
  options: {
    readonly request: ExecuteRequest;
    readonly waitSeconds: number | undefined;
    readonly closing: AbortSignal;
  },
  context: ApiContext,
): Promise<Response> {
  const { request, waitSeconds, closing } = options;
  const sent = await executions.execute(request, context.req.raw.signal);
  const { executionId, replayed } = sent;
  context.header("location", `/executions/${executionId}`);
  if (replayed) context.header("idempotency-replayed", "true");
  const { workflowId } = request;
  const timeoutMs = (waitSeconds ?? 0) * 1_000;
  if (!replayed && timeoutMs === 0) {
    if (waitSeconds !== undefined) context.header("preference-applied", "wait=0");
    return started.respond({ executionId, workflowId, status: "scheduled" }, context);
  }
  // A preference may be ignored (RFC 7240, section 2), so the request does not fail if too many are waiting.
  using place = timeoutMs > 0 && !closing.aborted ? context.get("acquireWaitSlot")() : undefined;
  if (waitSeconds !== undefined && (timeoutMs === 0 || place !== undefined)) {
    context.header("preference-applied", `wait=${waitSeconds}`);
  }
  const stop = AbortSignal.any([context.req.raw.signal, closing]);
  const end = place === undefined ? undefined : await executions.wait(sent, request, timeoutMs, stop);
  if (end !== undefined) return ended.respond(end, context);
  const status = await executions.statusOf(executionId);
  if (waitSeconds !== undefined && isFinal(status)) {
    return ended.respond(await executions.get(executionId), context);
  }
  return started.respond({ executionId, workflowId, status }, context);
}

function list(executions: ExecutionService): Route {
  return defineRoute({
    method: "get",
    path: "/executions",
    access: "executions:read",
    operationId: "listExecutions",
    tag,
    summary: "List executions, newest first",
    filtersByWorkflow: true,
    description:
      "Pages do not shift while executions arrive. `version` and `entry-point` match executions that have started. " +
      "They search the journals of all retained executions, so they take longer than the other filters, and so do `tag`, " +
      "`search` and `payload`.",
    query: executionsQuery,
    answer: page(executionSummary, "A page of executions"),
    errors: ["invalid-workflow-id", "invalid-entry-point", "invalid-cursor", "restate-unavailable"],
    handle: async ({ query }, context) => {
      const filter = filterOf(query, workflowsOf(context));
      return await executions.list(filter, pageRequest(query, executionPosition));
    },
  });
}

function get(executions: ExecutionService): Route {
  return defineRoute({
    method: "get",
    path: "/executions/:executionId",
    access: "executions:read",
    operationId: "getExecution",
    tag,
    summary: "Get an execution with its steps",
    description:
      "Its input and caller, each step with its times, attempts, outcome and size, what it is waiting for, and its " +
      "related executions.",
    params: executionParameters,
    answer: json(executionDetail, "The execution"),
    errors: ["execution-not-found", "restate-unavailable"],
    handle: async ({ params }) => await executions.get(params.executionId),
  });
}

function getStep(executions: ExecutionService): Route {
  return defineRoute({
    method: "get",
    path: "/executions/:executionId/steps/:index",
    access: "executions:read",
    operationId: "getStep",
    tag,
    summary: "Get one step of an execution",
    description:
      `Like the steps of the execution, but with a result of up to ${maxStepBytes / 2 ** 20} MiB and, for a \`fetch\`, the ` +
      "request. Larger results are omitted.",
    params: stepParameters,
    answer: json(step, "The step"),
    errors: ["execution-not-found", "step-not-found", "restate-unavailable"],
    handle: async ({ params: { executionId, index } }) => await executions.step(executionId, index),
  });
}

function listCallbacks(executions: ExecutionService): Route {
  return defineRoute({
    method: "get",
    path: "/executions/:executionId/callbacks",
    access: "executions:manage",
    operationId: "listCallbacks",
    tag,
    summary: "List the open callbacks of an execution with their URLs",
    description:
      "Any client with such a URL can complete the callback without an API key, so this needs more than the scope that " +
      "shows the execution.",
    params: executionParameters,
    answer: json(openCallbacks, "The open callbacks"),
    errors: ["execution-not-found", "restate-unavailable"],
    handle: async ({ params }) => ({ items: await executions.callbacks(params.executionId) }),
  });
}

function cancel(executions: ExecutionService): Route {
  return command("cancel", {
    summary: "Cancel an execution",
    description: "Requests cancellation. The execution has ended when its status is `cancelled`.",
    answer: "Cancellation was requested",
    carryOut: (executionId) => executions.cancel(executionId),
  });
}

function pause(executions: ExecutionService): Route {
  return command("pause", {
    summary: "Pause an execution",
    description:
      "Pauses the execution after its running steps. Its status is then `paused` until it is resumed.",
    answer: "The execution will be paused",
    carryOut: (executionId) => executions.pause(executionId),
  });
}

function resume(executions: ExecutionService): Route {
  return command("resume", {
    summary: "Resume an execution",
    description:
      "Resumes a paused execution, or immediately retries one that waits for its next attempt. A paused execution that is " +
      "limited by flow control acquires its slots again first: it stays `paused`, and `queue` shows what it waits for.",
    answer: "The execution continues, once it holds its slots",
    carryOut: (executionId) => executions.resume(executionId),
  });
}

/** A route that operates a live execution. */
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
    access: "executions:manage",
    operationId: `${verb}Execution`,
    isAudited: true,
    tag,
    summary,
    description,
    params: executionParameters,
    answer: json(executionReference, answer, { status: 202 }),
    errors: ["execution-not-found", "execution-ended", "restate-unavailable"],
    handle: async ({ params }, context) => {
      await carryOut(params.executionId);
      context.header("location", `/executions/${params.executionId}`);
      return { executionId: params.executionId };
    },
  });
}

function sendEvent(executions: ExecutionService): Route {
  return defineRoute({
    method: "post",
    path: "/executions/:executionId/events/:name",
    access: "executions:run",
    operationId: "sendEvent",
    tag,
    summary: "Send an event to an execution",
    description:
      "The workflow receives it from `ctx.waitForEvent(name)`. Events are queued until the workflow waits for them, and " +
      "events of one name are delivered in the order in which they were sent.",
    params: eventParameters,
    body: jsonValueBody(
      { schema: jsonValue.meta({ description: "The payload: any JSON. An empty body is `null`" }) },
      maxEventBytes,
    ),
    answer: json(sentEvent, "The execution has received the event", { status: 202 }),
    errors: [
      "invalid-event-name",
      "execution-not-found",
      "execution-ended",
      "execution-not-started",
      "too-many-events",
      "restate-unavailable",
    ],
    handle: async ({ params: { executionId, name }, body }) => {
      await executions.sendEvent(executionId, name, body);
      return { executionId, event: name };
    },
  });
}

function retry(executions: ExecutionService): Route {
  return defineRoute({
    method: "post",
    path: "/executions/:executionId/retry",
    access: "executions:manage",
    createsWork: true,
    operationId: "retryExecution",
    isAudited: true,
    tag,
    summary: "Retry an execution with the same input",
    description:
      "Starts a new execution with the entry point and payload of an ended one, from the start or from the failed step.",
    params: executionParameters,
    body: jsonBody(retryRequest, { optional: true }),
    answer: json(executionReference, "The new execution was started", {
      status: 202,
      headers: { location: "URL of the new execution" },
    }),
    errors: ["execution-not-found", "execution-not-ended", "no-failed-step", "restate-unavailable"],
    handle: async ({ params, body }, context) => {
      const { executionId } = await executions.retry(params.executionId, body);
      context.header("location", `/executions/${executionId}`);
      return { executionId };
    },
  });
}

function retryAll(executions: ExecutionService): Route {
  return defineRoute({
    method: "post",
    path: "/executions/retry",
    access: "executions:manage",
    createsWork: true,
    operationId: "retryExecutions",
    isAudited: true,
    tag,
    summary: "Retry many executions",
    filtersByWorkflow: true,
    description:
      "Retries the matching executions that have not been retried before. The response lists each with its retry or with " +
      "the error; an execution that cannot be retried does not stop the others. If the server fails or is overloaded, the " +
      "response ends with the execution at which that happened. To preview the selection, list executions with the same " +
      "filter and `retried=false`.",

    body: jsonBody(retryAllRequest, { optional: true }),
    answer: json(retriedExecutions, "The outcome for each execution", { status: 202 }),
    errors: ["invalid-workflow-id", "invalid-entry-point", "restate-unavailable"],
    handle: async ({ body }, context) => {
      const { from, version, limit, workflow: workflowId, ofVersion, ...rest } = body;
      const filter = { ...rest, workflowId, workflowIds: workflowsOf(context), version: ofVersion };
      const retried = await executions.retryAll(filter, { from, version, limit });
      return { items: retried.map(retriedView) };
    },
  });
}

export function retriedView(outcome: RetryOutcome): View<typeof retriedExecutions>["items"][number] {
  if ("retryExecutionId" in outcome) return outcome;
  const { executionId, refusal } = outcome;
  return { executionId, error: { code: refusal.code, detail: refusal.message } };
}

function purge(executions: ExecutionService): Route {
  return defineRoute({
    method: "delete",
    path: "/executions/:executionId",
    access: "executions:manage",
    operationId: "purgeExecution",
    isAudited: true,
    tag,
    summary: "Delete an ended execution",
    description:
      "Deletes its input, result and steps, which are otherwise retained for 30 days or as configured by the operator or " +
      "the settings of the workflow. Its idempotency key then starts a new execution, which has the same ID.",
    params: executionParameters,
    answer: noContent("The execution was deleted"),
    errors: ["execution-not-found", "execution-not-ended", "restate-unavailable"],
    handle: async ({ params }) => await executions.purge(params.executionId),
  });
}
