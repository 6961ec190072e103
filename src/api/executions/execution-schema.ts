import { z } from "zod";
import { bareIdempotencyKey } from "../../base/idempotency-key.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { parseEventName } from "../../domain/ids.ts";
import { maxIdempotencyKeyLength, maxPageItems } from "../../domain/limits.ts";
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
