import { z } from "zod";
import { maxRecentExecutions } from "../contract/limits.ts";
import type { RecentExecution, WorkflowView } from "../contract/services.ts";
import {
  executionIdText,
  executionStatus,
  pageParameters,
  timestamp,
  versionNumber,
  workflowIdParameter,
  workflowIdText,
} from "../http/common-schema.ts";
import { optional, isoTime } from "../http/wire.ts";

export const workflowParameters = z.strictObject({ workflowId: workflowIdParameter });

const recentExecution = z.strictObject({
  executionId: executionIdText,
  status: executionStatus,
  createdAt: timestamp,
});

export const workflow = z
  .strictObject({
    workflowId: workflowIdText,
    currentVersion: versionNumber.exactOptional().meta({
      description: "The version of new executions. Absent until the first deploy has ended",
    }),
    latestVersion: z
      .int32()
      .min(0)
      .meta({ description: "The number of the last deploy", examples: [3] }),
    createdAt: timestamp,
    recent: z
      .array(recentExecution)
      .exactOptional()
      .meta({ description: "Its last executions, newest first, if `recent` is given" }),
  })
  .meta({ id: "Workflow" });

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

export type WorkflowBody = z.input<typeof workflow>;

export function workflowBody(workflow: WorkflowView): WorkflowBody {
  return {
    workflowId: workflow.workflowId,
    ...optional("currentVersion", workflow.currentVersion),
    latestVersion: workflow.latestVersion,
    createdAt: isoTime(workflow.createdAt),
    ...optional("recent", workflow.recent?.map(recentBody)),
  };
}

function recentBody({ executionId, status, createdAt }: RecentExecution) {
  return { executionId, status, createdAt: isoTime(createdAt) };
}
