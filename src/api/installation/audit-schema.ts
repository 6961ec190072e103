import { z } from "zod";
import { pageParameters, timestamp, workflowIdParameter } from "../contract/fields.ts";
import { maxApiKeyNameLength } from "../contract/limits.ts";

/** @param actions the IDs of the audited operations */
export function auditQuery(actions: readonly string[]) {
  return z.strictObject({
    actor: z
      .string()
      .min(1)
      .max(maxApiKeyNameLength)
      .exactOptional()
      .meta({ description: "Only entries of API keys of this name" }),
    action: z
      .enum(actions as [string, ...string[]])
      .exactOptional()
      .meta({ description: "Only entries of this operation" }),
    workflow: workflowIdParameter
      .exactOptional()
      .meta({ description: "Only entries about this workflow and its executions" }),
    after: timestamp.exactOptional().meta({ description: "Only entries of this time or later" }),
    before: timestamp.exactOptional().meta({ description: "Only entries before this time" }),
    ...pageParameters,
  });
}
