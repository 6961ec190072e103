import { z } from "zod";
import { executionId, jsonValue, versionNumber } from "./fields.ts";
import { maxFailureBytes } from "../../domain/limits.ts";
import type { View } from "./wire.ts";

/** Forks: the schemas of requests and responses, and the types that services use, which are derived from them. */

/** Answers of one fork. */
const maxAnswers = 100;

const headers = z
  .array(
    z.tuple([
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/, "use the name of a header"),
      z.string().regex(/^[\t\x20-\x7e\x80-\xff]{0,8192}$/, "use the value of a header"),
    ]),
  )
  .max(100);

const answerTo = { step: z.int().min(0).meta({ description: "The `index` of the step" }) };

const response = z
  .strictObject({
    ...answerTo,
    status: z.int().min(200).max(599),
    headers: headers.exactOptional(),
    body: z.string().exactOptional().meta({ description: "The body as text" }),
    base64: z.base64().exactOptional().meta({ description: "The body in base64, in place of `body`" }),
  })
  .refine(({ body, base64 }) => body === undefined || base64 === undefined, "use either `body` or `base64`");

const failed = z.strictObject({
  ...answerTo,
  error: z.strictObject({
    name: z
      .string()
      .min(1)
      .max(100)
      .default("Error")
      .meta({ examples: ["TimeoutError"] }),
    message: z.string().max(maxFailureBytes),
    code: z.string().max(100).exactOptional(),
  }),
});

const succeeded = z.strictObject({ ...answerTo, result: jsonValue });

/** What replaces the result of a step. */
export const stepAnswer = z.union([response, failed, succeeded]).meta({
  id: "StepAnswer",
  description:
    "What replaces the result of a step: a response to a `fetch`, an error of a `fetch` or a call, or the result of a call, an " +
    "event or a callback",
});

const version = z.union([z.literal(["same", "current"]), versionNumber]).meta({
  description: "The version of the fork: that of the execution, the current one, or the one with this number",
});

const dryRun = z.boolean().exactOptional().meta({ description: "Checks the request and starts nothing" });

export const forkRequest = z.strictObject({
  fromStep: z
    .int()
    .min(0)
    .exactOptional()
    .meta({
      description:
        "The `index` of the step from which the fork runs on: it is executed again, with the results, events and callbacks that arrived " +
        "before its own. By default the step that failed; if the execution failed in its own code or was cancelled, every result is reused",
    }),
  version: version.default("same"),
  answers: z.array(stepAnswer).max(maxAnswers).exactOptional().meta({
    description: "Replaces results. With an answer to `fromStep`, that step is not executed again either",
  }),
  payload: jsonValue.exactOptional().meta({ description: "Replaces the payload" }),
  dryRun,
});

/** What a bulk fork has in common with a single one. */
export const forkOptions = { version, dryRun };

export const forkedExecution = z
  .strictObject({
    executionId: executionId.exactOptional().meta({ description: "The fork; absent for a dry run" }),
    version: versionNumber,
  })
  .meta({ id: "ForkedExecution" });

export const forkedExecutions = z
  .strictObject({
    items: z.array(
      z.strictObject({
        executionId,
        forkExecutionId: executionId.exactOptional().meta({ description: "Absent for a dry run" }),
        error: z
          .strictObject({ code: z.string(), detail: z.string() })
          .exactOptional()
          .meta({ description: "Why it was not forked, or would not be" }),
      }),
    ),
  })
  .meta({ id: "ForkedExecutions" });

export type ForkRequest = View<typeof forkRequest>;
export type StepAnswer = View<typeof stepAnswer>;
