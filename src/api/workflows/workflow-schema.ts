import { z } from "zod";
import { pageParameters, workflowIdParameter } from "../contract/fields.ts";
import { maxRecentExecutions } from "../contract/limits.ts";

export const workflowParameters = z.strictObject({ workflowId: workflowIdParameter });

export const listParameters = z.strictObject({
  workflow: workflowIdParameter.exactOptional().meta({ description: "Only this workflow, if it exists" }),
  ...pageParameters,
  recent: z
    .string()
    .refine(
      (text) => /^[1-9]\d?$/.test(text) && Number(text) <= maxRecentExecutions,
      `use a whole number from 1 to ${maxRecentExecutions}`,
    )
    .transform(Number)
    .exactOptional()
    .meta({
      description: "Number of recent executions to include for each workflow. Needs `executions:read` too",
      override: { type: "integer", minimum: 1, maximum: maxRecentExecutions },
    }),
});

export const pauseWorkflowRequest = z
  .strictObject({
    note: z.string().max(500).exactOptional().meta({ description: "Why, for other operators" }),
    running: z
      .boolean()
      .exactOptional()
      .meta({
        description:
          "True to pause executions that have started as well, each at its next step: a sleeping one when it wakes. By default they " +
          "continue",
      }),
  })
  .meta({ id: "PauseWorkflow" });
