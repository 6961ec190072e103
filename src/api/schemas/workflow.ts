import { z } from "zod";
import { timestamp, versionNumber, workflowIdParameter, workflowIdText } from "./common.ts";

export const workflowParameters = z.strictObject({ workflowId: workflowIdParameter });

export const workflow = z
  .strictObject({
    workflowId: workflowIdText,
    currentVersion: versionNumber.exactOptional().meta({
      description: "The version that new executions get. Absent until the first deploy is done",
    }),
    latestVersion: z
      .int32()
      .min(0)
      .meta({ description: "The number of the last deploy", examples: [3] }),
    createdAt: timestamp,
  })
  .meta({ id: "Workflow" });

export type WorkflowBody = z.input<typeof workflow>;
