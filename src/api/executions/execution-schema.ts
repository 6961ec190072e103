import { z } from "zod";
import { bareIdempotencyKey } from "../../base/idempotency-key.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type {
  AttemptFailure,
  EndedExecution,
  ExecutionDetail,
  ExecutionSummary,
  OpenCallback,
  RequestRecord,
  Step,
} from "../../domain/execution.ts";
import { parseEventName } from "../../domain/ids.ts";
import { maxIdempotencyKeyLength, maxListedFailureCharacters, maxPageItems } from "../../domain/limits.ts";
import { maxWaitSeconds } from "../contract/limits.ts";
import type { RetryOutcome } from "../contract/services.ts";
import {
  entryPointParameter,
  entryPointText,
  executionIdParameter,
  executionIdText,
  executionStatus,
  jsonValue,
  pageParameters,
  timestamp,
  versionNumber,
  versionParameter,
  workflowIdParameter,
  workflowIdPart,
  workflowIdText,
} from "../http/common-schema.ts";
import { collecting } from "../http/validation.ts";
import { optionalTime, optional, isoTime } from "../http/wire.ts";

export const executionParameters = z.strictObject({ executionId: executionIdParameter });

export const eventParameters = z.strictObject({
  executionId: executionIdParameter,
  name: z
    .string()
    .meta({
      description: "The name of the event, as in `ctx.waitForEvent(name)`",
      pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$",
      examples: ["approved"],
    })
    .transform(collecting(parseEventName)),
});

export const sentEvent = z
  .strictObject({ executionId: executionIdText, event: z.string() })
  .meta({ id: "SentEvent" });

export const executeQuery = z.strictObject({ "entry-point": entryPointParameter.exactOptional() });

export const executeHeaders = z.object({
  prefer: z
    .string()
    .exactOptional()
    .meta({
      description:
        `\`wait=N\` (RFC 7240) waits up to N seconds, ${maxWaitSeconds} at most, for the execution to end. ` +
        "`Preference-Applied` has the accepted time",
      examples: ["wait=30"],
    }),
  "idempotency-key": z
    .string()
    .regex(
      new RegExp(`^[\\x21-\\x7e]{1,${maxIdempotencyKeyLength}}$`),
      `use 1 to ${maxIdempotencyKeyLength} visible ASCII characters`,
    )
    .transform(bareIdempotencyKey)
    .exactOptional()
    .meta({
      description:
        "A request with a known key of this workflow starts nothing and returns the execution of the first request. " +
        "A key with quotes is the same as without",
      examples: ["order-4711"],
    }),
});

export const retryRequest = z.strictObject({
  from: z
    .enum(["start", "failed-step"])
    .default("start")
    .meta({
      description:
        "Where the new execution starts: at the start, or at the failed step with the results, events and callbacks " +
        "before it. Completed steps are not executed again",
    }),
  version: z.enum(["same", "current"]).default("same").meta({
    description: "The version of the new execution: that of the retried execution, or the current one",
  }),
});

export const retryAllRequest = retryRequest.extend({
  workflow: workflowIdParameter.exactOptional().meta({ description: "Only executions of this workflow" }),
  workflowContains: workflowIdPart.exactOptional().meta({
    description: "Only executions of workflows whose name contains this",
  }),
  executionIds: z
    .array(executionIdParameter)
    .min(1)
    .max(maxPageItems)
    .exactOptional()
    .meta({ description: "Only those of these executions that match the other filters" }),
  status: z.enum(["failed", "cancelled"]).default("failed"),
  ofVersion: versionNumber.exactOptional().meta({ description: "Only executions of this version" }),
  entryPoint: entryPointParameter
    .exactOptional()
    .meta({ description: "Only executions of this entry point" }),
  createdAfter: timestamp
    .exactOptional()
    .meta({ description: "Only executions created at this time or later" }),
  createdBefore: timestamp.exactOptional().meta({ description: "Only executions created before this time" }),
  limit: z.int().min(1).max(maxPageItems).default(maxPageItems).meta({
    description:
      "Maximum number, newest first. A repeated request continues, because no execution is retried twice",
  }),
});

export const retriedExecutions = z
  .strictObject({
    items: z.array(
      z.strictObject({
        executionId: executionIdText.meta({ description: "The ended execution" }),
        retryExecutionId: executionIdText.exactOptional().meta({ description: "The new execution" }),
        error: z
          .strictObject({ code: z.string(), detail: z.string() })
          .exactOptional()
          .meta({ description: "Why it was not retried" }),
      }),
    ),
  })
  .meta({ id: "RetriedExecutions" });

export const executionsQuery = z.strictObject({
  workflow: workflowIdParameter.exactOptional().meta({ description: "Only executions of this workflow" }),
  "workflow-contains": workflowIdPart.exactOptional().meta({
    description: "Only executions of workflows whose name contains this",
  }),
  retried: z.enum(["true", "false"]).exactOptional().meta({
    description: "`false`: only executions that have not been retried; `true`: only those that have",
  }),
  status: executionStatus.exactOptional().meta({ description: "Only executions with this status" }),
  version: versionParameter.exactOptional().meta({ description: "Only executions of this version" }),
  "entry-point": entryPointParameter
    .exactOptional()
    .meta({ description: "Only executions of this entry point" }),
  "created-after": timestamp
    .exactOptional()
    .meta({ description: "Only executions created at this time or later" }),
  "created-before": timestamp
    .exactOptional()
    .meta({ description: "Only executions created before this time" }),
  ...pageParameters,
});

/** The end of the year 9999, the latest time that Restate accepts in a query with some margin. */
const maxCreatedAt = 253_402_300_799_999;

export const executionPosition = z
  .tuple([z.int().nonnegative().max(maxCreatedAt), executionIdParameter])
  .readonly();

const failureShape = {
  name: z.string().meta({ examples: ["TypeError"] }),
  message: z.string(),
  code: z.string().exactOptional().meta({ description: "A stable code, if there is one" }),
  stack: z.string().exactOptional().meta({ description: "Frames in the author's files, one per line" }),
};

interface FailureBody extends z.infer<z.ZodObject<typeof failureShape>> {
  cause?: FailureBody;
  errors?: readonly FailureBody[];
}

const failure: z.ZodType<FailureBody> = z
  .strictObject({
    ...failureShape,
    cause: z.lazy(() => failure).exactOptional(),
    errors: z.array(z.lazy(() => failure)).exactOptional(),
  })
  .meta({
    id: "Failure",
    description:
      "Why it failed. `cause` is the cause of the error, nested at most 5 levels; `errors` has the first 10 errors of an `AggregateError`",
  });

const result = jsonValue.meta({ description: "The return value of the workflow: any JSON" });

export const startedExecution = z
  .strictObject({ executionId: executionIdText, workflowId: workflowIdText, status: executionStatus })
  .meta({ id: "StartedExecution" });

const summaryShape = {
  executionId: executionIdText,
  workflowId: workflowIdText,
  version: versionNumber.exactOptional().meta({ description: "Absent until the execution has started" }),
  entryPoint: entryPointText.exactOptional(),
  status: executionStatus,
  createdAt: timestamp,
  modifiedAt: timestamp,
  completedAt: timestamp.exactOptional(),
};

const endShape = {
  result: result.exactOptional(),
  failure: failure.exactOptional().meta({ description: "Present if the status is `failed` or `cancelled`" }),
};

export const executionSummary = z
  .strictObject({
    ...summaryShape,
    failure: z
      .strictObject({ name: failureShape.name, message: failureShape.message })
      .exactOptional()
      .meta({
        id: "FailureSummary",
        description:
          "Why it failed or was cancelled, or why its last attempt failed while the status is `retrying` or `paused`. " +
          `The message is limited to ${maxListedFailureCharacters} characters; \`getExecution\` has all of it and the stack`,
      }),
  })
  .meta({ id: "ExecutionSummary" });

export const endedExecution = z.strictObject({ ...summaryShape, ...endShape }).meta({ id: "EndedExecution" });

const caller = z
  .strictObject({ id: z.string(), name: z.string().meta({ examples: ["ci"] }) })
  .meta({ id: "Caller", description: "The API key that started the execution" });

const relative = z
  .strictObject({ executionId: executionIdText, workflowId: workflowIdText })
  .meta({ id: "RelatedExecution" });

const attemptFailure = z
  .strictObject({
    ...failureShape,
    hint: z.string(),
    attempts: z.int().min(1).meta({ description: "Attempts so far" }),
    nextAttemptAt: timestamp.exactOptional(),
  })
  .meta({ id: "AttemptFailure", description: "Why an attempt failed" });

const requestRecord = z
  .strictObject({
    method: z.string(),
    url: z.string().meta({ examples: ["https://api.example.com/orders?key=secret_API_KEY"] }),
    headers: z.array(z.tuple([z.string(), z.string()])).meta({
      description: "As the workflow set them: at most 64, of 1,024 characters each",
    }),
    bodyBytes: z.int().min(0).meta({ description: "The size of the whole body" }),
    body: z.string().exactOptional().meta({
      description: "The first 16 KiB of the body; absent where there is none, or it is not text",
    }),
  })
  .meta({ id: "RequestRecord", description: "A request, with names of secrets in place of their values" });

const fetchAttempt = z
  .strictObject({
    durationMs: z.int().min(0),
    status: z.int().exactOptional().meta({ description: "Of the response" }),
    error: z.string().exactOptional().meta({ description: "Why there was no response" }),
    waitMs: z.int().min(0).exactOptional().meta({ description: "The wait after it; absent of the last one" }),
  })
  .meta({ id: "FetchAttempt", description: "One attempt at a `fetch` with `retry`" });

export const step = z
  .strictObject({
    index: z.int().min(0).meta({ description: "Its place in Restate's journal" }),
    operation: z.string().meta({ examples: ["fetch"] }),
    name: z.string().meta({ examples: ["fetch GET https://api.example.com/orders"] }),
    startedAt: timestamp.exactOptional(),
    endedAt: timestamp.exactOptional(),
    outcome: z.enum(["pending", "succeeded", "failed", "abandoned"]).meta({
      description: "`abandoned`: it had no result when its execution ended, and gets none",
    }),
    reused: z.literal(true).exactOptional().meta({
      description: "Its result is that of the execution which this one retries; it was not done again",
    }),
    attempts: z.int().min(2).exactOptional().meta({
      description: "How often it was tried, where that was more than once: a `fetch` with `retry`",
    }),
    attemptHistory: z
      .array(fetchAttempt)
      .exactOptional()
      .meta({ description: "The attempts in their order" }),
    request: requestRecord.exactOptional().meta({
      description:
        "What a `fetch` sent; absent until it has ended, and where its result is too large to be shown",
    }),
    wakesAt: timestamp.exactOptional().meta({ description: "When a sleep or a timer ends" }),
    child: relative.exactOptional().meta({ description: "The execution that it called or sent" }),
    httpStatus: z.int().exactOptional().meta({
      description: "Status of the response to a `fetch`, also if the response is too large to be shown",
    }),
    resultBytes: z.int().min(0).exactOptional().meta({
      description: "Size of its result in the journal; of a `fetch`, headers and body",
    }),
    result: jsonValue.exactOptional().meta({
      description: "The journaled result, if it is small enough; `getStep` has larger ones too",
    }),
    error: failure.exactOptional(),
  })
  .meta({ id: "Step", description: "A journaled operation of an execution" });

export const executionDetail = z
  .strictObject({
    ...summaryShape,
    caller: caller.exactOptional().meta({
      description: "Absent if it was not started over the API; of a retry, the caller of the first execution",
    }),
    parent: relative.exactOptional().meta({ description: "The execution that called or sent it" }),
    children: z.array(relative).meta({ description: "The executions that it called or sent" }),
    retryOf: executionIdText.exactOptional().meta({ description: "The execution that it retries" }),
    retries: z.array(executionIdText).meta({ description: "Its retries, newest first" }),
    input: jsonValue.meta({ description: "The payload: any JSON" }),
    ...endShape,
    lastFailure: attemptFailure.exactOptional().meta({
      description: "Why the last attempt failed, while the status is `retrying` or `paused`",
    }),
    waitingFor: z.array(z.string()).meta({
      description:
        "What it waits for now, for people. While it runs, also what the workflow has given up meanwhile",
      examples: [['event "approved" until 2026-01-31T09:30:00.000Z', "call order-sync"]],
    }),
    attempts: z.int().min(0).meta({ description: "1 if nothing went wrong" }),
    fuelUsed: z
      .int()
      .min(0)
      .exactOptional()
      .meta({
        description:
          "What it has computed, in units of fuel. Known a moment after it has ended; absent where it was killed, or where " +
          "the executor was just then",
        examples: [412_000],
      }),
    steps: z.array(step),
  })
  .meta({ id: "Execution" });

export const stepParameters = z.strictObject({
  executionId: executionIdParameter,
  index: z
    .string()
    .meta({ description: "The `index` of the step", override: { type: "integer", minimum: 0 } })
    .transform(parseStepIndex),
});

export const openCallbacks = z
  .strictObject({
    items: z.array(
      z.strictObject({
        callback: z.int().min(0).meta({ description: "0, 1, 2… in the order in which they were created" }),
        url: z.string().meta({ description: "Any client that has the URL can complete the callback, once" }),
        createdAt: timestamp.exactOptional(),
      }),
    ),
  })
  .meta({ id: "OpenCallbacks" });

/** @throws {DuraniumError} `step-not-found`, also for a malformed index */
function parseStepIndex(text: string): number {
  if (/^(?:0|[1-9]\d{0,8})$/.test(text)) return Number(text);
  throw new DuraniumError("step-not-found", `There is no step ${JSON.stringify(text.slice(0, 20))}`);
}

export const executionReference = z
  .strictObject({ executionId: executionIdText })
  .meta({ id: "ExecutionReference" });

export type ExecutionSummaryBody = z.input<typeof executionSummary>;
export type EndedExecutionBody = z.input<typeof endedExecution>;
export type ExecutionBody = z.input<typeof executionDetail>;
export type RetriedBody = z.input<typeof retriedExecutions>["items"][number];
export type StepBody = z.input<typeof step>;

function executionSummaryBody(execution: ExecutionSummary): ExecutionSummaryBody {
  return {
    executionId: execution.executionId,
    workflowId: execution.workflowId,
    ...optional("version", execution.version),
    ...optional("entryPoint", execution.entryPoint),
    status: execution.status,
    createdAt: isoTime(execution.createdAt),
    modifiedAt: isoTime(execution.modifiedAt),
    ...optionalTime("completedAt", execution.completedAt),
  };
}

/** An execution in a list, with a shortened error. */
export function listedExecutionBody(execution: ExecutionSummary): ExecutionSummaryBody {
  const { failure } = execution;
  return {
    ...executionSummaryBody(execution),
    ...optional("failure", failure && { name: failure.name, message: failure.message }),
  };
}

/** The response to a waiting caller: the outcome without the steps. */
export function endedExecutionBody(execution: EndedExecution): EndedExecutionBody {
  return {
    ...executionSummaryBody(execution),
    ...optional("result", execution.result),
    ...optional("failure", execution.failure),
  };
}

export function executionBody(execution: ExecutionDetail): ExecutionBody {
  return {
    ...endedExecutionBody(execution),
    ...optional("caller", execution.caller),
    ...optional("parent", execution.parent),
    children: [...execution.children],
    ...optional("retryOf", execution.retryOf),
    retries: [...execution.retries],
    input: execution.input,
    ...optional("lastFailure", attemptFailureBody(execution.lastFailure)),
    waitingFor: [...execution.waitingFor],
    attempts: execution.attempts,
    ...optional("fuelUsed", execution.fuelUsed),
    steps: execution.steps.map(stepBody),
  };
}

export function openCallbackBody({ createdAt, ...callback }: OpenCallback) {
  return { ...callback, ...optionalTime("createdAt", createdAt) };
}

export function retriedBody(retried: RetryOutcome): RetriedBody {
  const { executionId } = retried;
  if ("retryExecutionId" in retried) return { executionId, retryExecutionId: retried.retryExecutionId };
  return { executionId, error: { code: retried.refusal.code, detail: retried.refusal.message } };
}

function attemptFailureBody(failure: AttemptFailure | undefined): ExecutionBody["lastFailure"] {
  if (failure === undefined) return undefined;
  const { nextAttemptAt, ...told } = failure;
  return { ...told, ...optionalTime("nextAttemptAt", nextAttemptAt) };
}

export function stepBody(step: Step): StepBody {
  return {
    index: step.index,
    operation: step.operation,
    name: step.name,
    ...optionalTime("startedAt", step.startedAt),
    ...optionalTime("endedAt", step.endedAt),
    outcome: step.outcome,
    ...optional("reused", step.reused),
    ...optional("attempts", step.attempts),
    ...optional("attemptHistory", step.attemptHistory && [...step.attemptHistory]),
    ...optional("request", requestBody(step.request)),
    ...optionalTime("wakesAt", step.wakesAt),
    ...optional("child", step.child),
    ...optional("httpStatus", step.httpStatus),
    ...optional("resultBytes", step.resultBytes),
    ...optional("result", step.result),
    ...optional("error", step.error),
  };
}

function requestBody(request: RequestRecord | undefined): StepBody["request"] {
  return request && { ...request, headers: request.headers.map(([name, value]) => [name, value]) };
}
