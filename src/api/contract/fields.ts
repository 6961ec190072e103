import { z } from "zod";
import type { Digest } from "../../base/digest.ts";
import type { JsonValue } from "../../base/json.ts";
import { parseTimestamp } from "../../base/time.ts";
import { executionStatuses } from "../../domain/execution.ts";
import { parseHostPattern } from "../../domain/host-pattern.ts";
import { parseEntryPoint, parseExecutionId, parseWorkflowId } from "../../domain/ids.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { maxPageItems, maxVersionNoteLength } from "../../domain/limits.ts";
import { collecting } from "./collecting.ts";
import { defaultPageItems, maxCursorLength, maxHostPatternLength } from "./limits.ts";

/**
 * Schemas that requests and responses share. A schema validates requests, types responses and is part of the OpenAPI
 * document, so each has one description.
 */

export const workflowIdText = z.string().meta({
  description: "The name of a workflow: a lower-case letter, then up to 62 of a-z, 0-9 and `-`",
  pattern: "^[a-z][a-z0-9-]{0,62}$",
  examples: ["order-sync"],
});

const executionIdText = z.string().meta({
  description: "The ID of an execution, which is Restate's invocation ID",
  pattern: "^inv_[A-Za-z0-9]{16,64}$",
  examples: ["inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz"],
});

/** IDs in resources. They are valid already, so they are not parsed. */
export const workflowId = workflowIdText as z.ZodType as z.ZodType<WorkflowId, string>;
export const executionId = executionIdText as z.ZodType as z.ZodType<ExecutionId, string>;

export const executionStatus = z.enum(executionStatuses).meta({
  id: "ExecutionStatus",
  description:
    "Status of an execution. `completed`, `failed`, `cancelled` and `skipped` are final; `retrying` and `paused` mean that " +
    "the server failed, not the workflow. `queued`: flow control holds it back; `skipped`: flow control ended it before it ran",
});

export const versionNumber = z
  .int32()
  .min(1)
  .meta({
    description: "The number of a version: 1, 2, 3… in the order of the deploys",
    examples: [3],
  });

/** A host, or a host and all of its subdomains, that requests may be sent to. */
export const hostPatternText = z
  .string()
  .max(maxHostPatternLength, `use ${maxHostPatternLength} characters at most`)
  .superRefine((text, context) => void collecting(parseHostPattern)(text, context));

/** Plain text of several lines, trimmed. An empty text means no note. */
export const versionNote = z
  .string()
  .overwrite((text) => text.replaceAll("\r\n", "\n").trim())
  .max(maxVersionNoteLength, `use ${maxVersionNoteLength} characters at most`)
  .regex(/^[^\p{Cc}\p{Cs}]*(?:[\n\t][^\p{Cc}\p{Cs}]*)*$/u, "use plain text, without control characters")
  .transform((text) => (text === "" ? undefined : text))
  .meta({ examples: ["Retries the payment for an hour instead of a day"] });

export const entryPointText = z.string().meta({
  description: "A name that the workflow reads from `ctx.entryPoint`",
  pattern: "^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$",
  examples: ["order-created"],
});

export const digest = z.string().meta({
  description: "SHA-256, in hexadecimal",
  pattern: "^[0-9a-f]{64}$",
  examples: ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
}) as z.ZodType as z.ZodType<Digest, string>;

/** A time: milliseconds since the Unix epoch here, and text in requests and responses. */
export const timestamp = z
  .codec(z.string(), z.number(), {
    decode: (text, context) => {
      const time = parseTimestamp(text);
      if (time !== undefined) return time;
      context.issues.push({
        code: "custom",
        message: "use a timestamp of RFC 3339: 2026-01-31T09:30:00Z",
        input: text,
      });
      return z.NEVER;
    },
    encode: (time) => new Date(time).toISOString(),
  })
  .meta({
    description: "A time with its zone (RFC 3339); in responses in UTC",
    override: { type: "string", format: "date-time", examples: ["2026-01-31T09:30:00.000Z"] },
  });

export const diagnostic = z
  .strictObject({
    message: z.string().meta({ examples: ['Expected ";" but found "retrun"'] }),
    file: z
      .string()
      .exactOptional()
      .meta({ examples: ["workflow.ts"] }),
    line: z
      .int32()
      .min(1)
      .exactOptional()
      .meta({ description: "Counts from 1", examples: [12] }),
    column: z
      .int32()
      .min(1)
      .exactOptional()
      .meta({ description: "Counts from 1", examples: [7] }),
    lineText: z.string().exactOptional().meta({ description: "The text of the line" }),
    hint: z.string().exactOptional().meta({ description: "What to do about it" }),
  })
  .meta({ id: "Diagnostic", description: "An error in a source or a body, and its position" });

/** Any JSON value. The body reader has already validated it. */
export const jsonValue = z.unknown() as z.ZodType<JsonValue, JsonValue>;

export const workflowIdParameter = workflowIdText.transform(collecting(parseWorkflowId));

/** A part of a workflow name. */
export const workflowIdPart = z
  .string()
  .regex(/^[a-z0-9-]{1,63}$/, "use 1 to 63 of a-z, 0-9 and `-`")
  .meta({ description: "A part of the name of a workflow", examples: ["sync"] });

export const executionIdParameter = executionIdText.transform(collecting(parseExecutionId));

export const entryPointParameter = entryPointText.transform(collecting(parseEntryPoint));

/** A version number in a query. */
export const versionParameter = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, "use the number of a version: 1, 2, 3…")
  .transform(Number)
  .meta({ description: "The number of a version", override: { type: "integer", minimum: 1 } });

/** The query parameters of every list. */
export const pageParameters = {
  cursor: z.string().min(1).max(maxCursorLength).exactOptional().meta({
    description: "Where the page starts: the opaque `cursor` of the previous page",
  }),
  limit: z
    .string()
    .refine(isPageLimit, `use a whole number from 1 to ${maxPageItems}`)
    .transform(Number)
    .default(defaultPageItems)
    .meta({
      description: "Maximum number of items",
      override: { type: "integer", minimum: 1, maximum: maxPageItems, default: defaultPageItems },
    }),
};

/** One page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    cursor: z.string().exactOptional().meta({
      description: "The `cursor` of the next page. Absent on the last page",
    }),
  });
}

function isPageLimit(text: string): boolean {
  return /^[1-9]\d{0,8}$/.test(text) && Number(text) <= maxPageItems;
}
