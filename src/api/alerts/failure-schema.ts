import { z } from "zod";
import { maxPageItems } from "../../domain/limits.ts";
import { pageParameters, timestamp, workflowIdParameter } from "../contract/fields.ts";
import { forkOptions } from "../contract/fork.ts";
import { retryRequest } from "../executions/execution-schema.ts";

const failureId = z
  .string()
  .regex(/^[0-9a-f]{16}$/, "use the `failureId` of a failure")
  .meta({ description: "The ID of a cause", examples: ["9f86d081884c7d65"] });

export const failureParameters = z.strictObject({ failureId });

const since = timestamp
  .exactOptional()
  .meta({ description: "Only executions that failed at this time or later" });

export const failuresQuery = z.strictObject({
  workflow: workflowIdParameter.exactOptional().meta({ description: "Only failures of this workflow" }),
  since,
  ...pageParameters,
});

export const failurePosition = z.tuple([z.int().nonnegative(), failureId]).readonly();

const limit = z.int().min(1).max(maxPageItems).default(maxPageItems).meta({
  description: "Maximum number, newest first. A repeated request continues",
});

export const retryFailureRequest = retryRequest.extend({ since, limit });

export const forkFailureRequest = z.strictObject({
  version: forkOptions.version.default("current"),
  dryRun: forkOptions.dryRun,
  since,
  limit,
});
