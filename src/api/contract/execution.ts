import { z } from "zod";
import { maxListedFailureCharacters } from "../../domain/limits.ts";
import type { Failure } from "../../domain/outcome.ts";
import {
  entryPointText,
  executionId,
  executionStatus,
  jsonValue,
  timestamp,
  versionNumber,
  workflowId,
} from "./fields.ts";
import { queuePosition } from "./queue.ts";
import type { View } from "./wire.ts";

/** Executions: the schemas of responses, and the types that services return, which are derived from them. */

const failureShape = {
  name: z.string().meta({ examples: ["TypeError"] }),
  message: z.string(),
  code: z.string().exactOptional().meta({ description: "A stable code, if there is one" }),
  stack: z.string().exactOptional().meta({ description: "Frames in the author's files, one per line" }),
};

const failure: z.ZodType<Failure, Failure> = z
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
  .strictObject({ executionId, workflowId, status: executionStatus })
  .meta({ id: "StartedExecution" });

const summaryShape = {
  executionId,
  workflowId,
  version: versionNumber.exactOptional().meta({ description: "Absent until the execution has started" }),
  entryPoint: entryPointText.exactOptional(),
  status: executionStatus,
  createdAt: timestamp,
  modifiedAt: timestamp,
  completedAt: timestamp.exactOptional(),
  tags: z
    .array(z.string())
    .exactOptional()
    .meta({ description: "Tags that the caller gave it, and those that the workflow set" }),
  scheduledAt: timestamp
    .exactOptional()
    .meta({ description: "When it starts, if it is scheduled for a later time" }),
  movedFrom: executionId.exactOptional().meta({
    description:
      "The ID that it had before it was scheduled for another time, if that changed its ID. Requests with that ID act on this execution",
  }),
};

const endShape = {
  result: result.exactOptional(),
  failure: failure
    .exactOptional()
    .meta({ description: "Present if the status is `failed`, `cancelled` or `skipped`" }),
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

/** The execution that starts at the new time. */
export const rescheduledExecution = z.strictObject({ executionId });

export const endedExecution = z.strictObject({ ...summaryShape, ...endShape }).meta({ id: "EndedExecution" });

const caller = z
  .strictObject({ id: z.string(), name: z.string().meta({ examples: ["ci"] }) })
  .meta({ id: "Caller", description: "The API key that started the execution" });

const relative = z.strictObject({ executionId, workflowId }).meta({ id: "RelatedExecution" });

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
      description: "As the workflow sent them: at most 64, of 1,024 characters each",
    }),
    bodyBytes: z.int().min(0).meta({ description: "The size of the whole body" }),
    body: z.string().exactOptional().meta({
      description: "The first 16 KiB of the body; absent if there is none or it is not text",
    }),
  })
  .meta({ id: "RequestRecord", description: "A request, with names of secrets in place of their values" });

const fetchAttempt = z
  .strictObject({
    durationMs: z.int().min(0),
    status: z.int().exactOptional().meta({ description: "Status of the response" }),
    error: z.string().exactOptional().meta({ description: "Why there was no response" }),
    waitMs: z
      .int()
      .min(0)
      .exactOptional()
      .meta({ description: "Wait after this attempt; absent for the last one" }),
  })
  .meta({ id: "FetchAttempt", description: "One attempt at a `fetch` with `retry`" });

export const step = z
  .strictObject({
    index: z.int().min(0).meta({ description: "Position in Restate's journal" }),
    operation: z.string().meta({ examples: ["fetch"] }),
    name: z.string().meta({ examples: ["fetch GET https://api.example.com/orders"] }),
    startedAt: timestamp.exactOptional(),
    endedAt: timestamp.exactOptional(),
    outcome: z.enum(["pending", "succeeded", "failed", "abandoned"]).meta({
      description: "`abandoned`: it had no result when its execution ended, and will not get one",
    }),
    reused: z.literal(true).exactOptional().meta({
      description:
        "The result was reused from the execution that this one retries; the operation was not repeated",
    }),
    attempts: z.int().min(2).exactOptional().meta({
      description: "Number of attempts, if there was more than one: a `fetch` with `retry`",
    }),
    attemptHistory: z.array(fetchAttempt).exactOptional().meta({ description: "The attempts in order" }),
    request: requestRecord.exactOptional().meta({
      description:
        "The request of a `fetch`; absent until it has ended, and if its result is too large to show",
    }),
    wakesAt: timestamp.exactOptional().meta({ description: "When a sleep or a timer ends" }),
    waitsForHost: z
      .string()
      .exactOptional()
      .meta({
        description: "The host and its limits, while a `fetch` waits for them (`egress.rate`)",
        examples: ["api.example.com: 10 per second"],
      }),
    child: relative.exactOptional().meta({ description: "The execution that it called or sent" }),
    httpStatus: z.int().exactOptional().meta({
      description: "Status of the response to a `fetch`, even if the response is too large to show",
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
      description:
        "Absent if it was not started through the API; for a retry, the caller of the first execution",
    }),
    schedule: z
      .strictObject({
        id: z.string().meta({ description: "The ID of the schedule" }),
        scheduledAt: z.string().meta({ format: "date-time", description: "The nominal instant of the run" }),
        previousAt: z
          .string()
          .exactOptional()
          .meta({ format: "date-time", description: "The nominal instant of the previous run" }),
      })
      .exactOptional()
      .meta({ description: "The scheduled run, if a schedule started the execution" }),
    parent: relative.exactOptional().meta({ description: "The execution that called or sent it" }),
    children: z.array(relative).meta({ description: "The executions that it called or sent" }),
    retryOf: executionId.exactOptional().meta({ description: "The execution that it retries" }),
    retries: z.array(executionId).meta({ description: "Its retries, newest first" }),
    forkOf: executionId.exactOptional().meta({ description: "The execution whose results it began with" }),
    forks: z.array(executionId).exactOptional().meta({ description: "Its forks, newest first" }),
    input: jsonValue.meta({ description: "The payload: any JSON" }),
    ...endShape,
    lastFailure: attemptFailure.exactOptional().meta({
      description: "Why the last attempt failed, while the status is `retrying` or `paused`",
    }),
    queue: queuePosition.exactOptional().meta({
      description:
        "Where it waits and what holds it back, while the status is `queued`, or `paused` and it was resumed",
    }),
    waitingFor: z.array(z.string()).meta({
      description:
        "What it waits for, as human-readable text. While it runs, this may include operations that the workflow has abandoned",
      examples: [['event "approved" until 2026-01-31T09:30:00.000Z', "call order-sync"]],
    }),
    attempts: z.int().min(0).meta({ description: "1 if no attempt failed" }),
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

export const retriedExecutions = z
  .strictObject({
    items: z.array(
      z.strictObject({
        executionId: executionId.meta({ description: "The ended execution" }),
        retryExecutionId: executionId.exactOptional().meta({ description: "The new execution" }),
        error: z
          .strictObject({ code: z.string(), detail: z.string() })
          .exactOptional()
          .meta({ description: "Why it was not retried" }),
      }),
    ),
  })
  .meta({ id: "RetriedExecutions" });

/** The outcome of a bulk action. */
export const operatedExecutions = z
  .strictObject({
    items: z.array(
      z.strictObject({
        executionId,
        error: z
          .strictObject({ code: z.string(), detail: z.string() })
          .exactOptional()
          .meta({ description: "Why the action was refused" }),
      }),
    ),
    cursor: z.string().exactOptional().meta({ description: "Continues with the executions after these" }),
  })
  .meta({ id: "OperatedExecutions" });

export const executionCount = z
  .strictObject({
    count: z.int(),
    isExact: z.boolean().meta({
      description:
        "False if there may be more: a field of the payload is compared in the newest executions only",
    }),
  })
  .meta({ id: "ExecutionCount" });

export const sentEvent = z.strictObject({ executionId, event: z.string() }).meta({ id: "SentEvent" });

export const executionReference = z.strictObject({ executionId }).meta({ id: "ExecutionReference" });

export type ExecutionSummary = View<typeof executionSummary>;
export type EndedExecution = View<typeof endedExecution>;
export type ExecutionDetail = View<typeof executionDetail>;
export type AttemptFailure = View<typeof attemptFailure>;
export type Step = View<typeof step>;
export type OpenCallback = View<typeof openCallbacks>["items"][number];
