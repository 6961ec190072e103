import { z } from "zod";
import { parseDuration } from "../../base/duration.ts";
import { bareIdempotencyKey } from "../../base/idempotency-key.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { parseEventName } from "../../domain/ids.ts";
import {
  isExecutionTag,
  maxExecutionTags,
  maxIdempotencyKeyLength,
  maxPageItems,
  maxSleepMs,
} from "../../domain/limits.ts";
import { collecting } from "../contract/collecting.ts";
import {
  entryPointParameter,
  executionIdParameter,
  executionStatus,
  pageParameters,
  timestamp,
  versionNumber,
  versionParameter,
  workflowIdParameter,
  workflowIdPart,
} from "../contract/fields.ts";
import { forkOptions } from "../contract/fork.ts";
import { maxWaitSeconds } from "../contract/limits.ts";

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

const tagsText = z
  .string()
  .transform((text) => text.split(",").map((tag) => tag.trim()))
  .refine(
    (tags) => tags.length <= maxExecutionTags && tags.every(isExecutionTag),
    `use up to ${maxExecutionTags} tags with commas between them: 1 to 64 letters, digits and ". _ : / = @ -" each`,
  );

const searchText = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "use text without control characters")
  .meta({ description: "Only executions whose ID starts with this text, or whose error contains it" });

const payloadText = z
  .string()
  .max(500)
  .regex(/^(?:\/[^:/]+)+:[^\p{Cc}\p{Cs}]+$/u, "use a JSON pointer, a colon and a value: /customer/id:42")
  .transform((text) => {
    const colon = text.indexOf(":");
    return { pointer: text.slice(0, colon), value: text.slice(colon + 1) };
  })
  .meta({
    description:
      "Only executions whose payload has this value at a JSON pointer. Payloads above 64 KiB are not searched. A page may have " +
      "fewer items than `limit`",
    examples: ["/customer/id:42"],
  });

export const executeQuery = z
  .strictObject({
    tag: tagsText.exactOptional().meta({
      description: "Tags of the execution, with commas between them. Lists filter by them",
      examples: ["customer:42,nightly"],
    }),
    "entry-point": entryPointParameter.exactOptional(),
    delay: z
      .string()
      .transform(parseDuration)
      .refine((ms) => ms <= maxSleepMs, "use a duration of at most 366 days: PT1H")
      .exactOptional()
      .meta({
        description: "Starts the execution later: an ISO 8601 duration",
        override: { type: "string", examples: ["PT1H"] },
      }),
    at: timestamp
      .refine((time) => time <= Date.now() + maxSleepMs, "use a time within the next 366 days")
      .exactOptional()
      .meta({
        description: "Starts the execution at this time",
        override: { type: "string", format: "date-time" },
      }),
  })
  .refine(({ delay, at }) => delay === undefined || at === undefined, {
    path: ["at"],
    error: "use either `delay` or `at`",
  });

export const rescheduleRequest = z.strictObject({
  scheduledAt: timestamp
    .refine((time) => time <= Date.now() + maxSleepMs, "use a time within the next 366 days")
    .meta({ description: "When the execution starts", override: { type: "string", format: "date-time" } }),
});

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
    // A caller that could use them would keep a schedule's runs from starting, or create a fork that is none.
    .refine(
      (key) => !/^(?:(?:re)?schedule|fork)\//.test(key),
      "use another key: those of schedules and forks begin with `schedule/`, `reschedule/` and `fork/`",
    )
    .exactOptional()
    .meta({
      description:
        "A request with a known key of this workflow starts nothing and returns the execution of the first request. " +
        "A quoted key is the same as an unquoted one",
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

const { from: _from, version: _version, ...retriedShape } = retryAllRequest.shape;

export const forkAllRequest = z.strictObject({
  ...retriedShape,
  version: forkOptions.version.default("current"),
  dryRun: forkOptions.dryRun,
});

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
  tag: tagsText.exactOptional().meta({
    description: "Only executions with all of these tags, with commas between them",
    examples: ["customer:42"],
  }),
  search: searchText.exactOptional(),
  payload: payloadText.exactOptional(),
  ...pageParameters,
});

const { cursor: _cursor, limit: _limit, ...countShape } = executionsQuery.shape;

export const executionCountQuery = z.strictObject(countShape);

export const bulkRequest = z.strictObject({
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
  status: executionStatus.exactOptional().meta({ description: "Only executions with this status" }),
  version: versionNumber.exactOptional().meta({ description: "Only executions of this version" }),
  entryPoint: entryPointParameter
    .exactOptional()
    .meta({ description: "Only executions of this entry point" }),
  createdAfter: timestamp
    .exactOptional()
    .meta({ description: "Only executions created at this time or later" }),
  createdBefore: timestamp.exactOptional().meta({ description: "Only executions created before this time" }),
  tag: tagsText.exactOptional().meta({ description: "Only executions with all of these tags" }),
  search: searchText.exactOptional(),
  payload: payloadText.exactOptional(),
  cursor: pageParameters.cursor,
  limit: z
    .int()
    .min(1)
    .max(maxPageItems)
    .default(maxPageItems)
    .meta({ description: "Maximum number, newest first" }),
});

/** The end of the year 9999, the latest time that Restate accepts in a query with some margin. */
const maxCreatedAt = 253_402_300_799_999;

export const executionPosition = z
  .tuple([z.int().nonnegative().max(maxCreatedAt), executionIdParameter])
  .readonly();

export const stepParameters = z.strictObject({
  executionId: executionIdParameter,
  index: z
    .string()
    .meta({ description: "The `index` of the step", override: { type: "integer", minimum: 0 } })
    .transform(parseStepIndex),
});

/** @throws {DuraniumError} `step-not-found`, also for a malformed index */
function parseStepIndex(text: string): number {
  if (/^(?:0|[1-9]\d{0,8})$/.test(text)) return Number(text);
  throw new DuraniumError("step-not-found", `There is no step ${JSON.stringify(text.slice(0, 20))}`);
}
