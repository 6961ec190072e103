import { z } from "zod";
import { maxApiKeyNameLength } from "../contract/limits.ts";
import type { AuditEntry } from "../contract/services.ts";
import { pageParameters, timestamp, workflowIdParameter, workflowIdText } from "../http/common-schema.ts";
import { isoTime } from "../http/wire.ts";

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

export const auditEntry = z
  .strictObject({
    id: z.int(),
    at: timestamp,
    actorId: z.string().meta({ description: "The ID of the API key" }),
    actor: z.string().meta({ description: "The name of the API key", examples: ["ci"] }),
    action: z
      .string()
      .meta({ description: "The `operationId` of the request", examples: ["deployWorkflow"] }),
    subject: z
      .string()
      .meta({ description: "The path of the changed resource", examples: ["/workflows/order-sync/deploy"] }),
    workflowId: workflowIdText.exactOptional().meta({
      description: "The workflow, if the entry is about one or about one of its executions",
    }),
    address: z.string().meta({ description: "IP address of the client", examples: ["203.0.113.7"] }),
    status: z
      .int()
      .meta({ description: "Status of the response; 403 if the request was denied", examples: [201] }),
  })
  .meta({ id: "AuditEntry" });

export type AuditEntryBody = z.input<typeof auditEntry>;

export function auditEntryBody({ at, ...entry }: AuditEntry): AuditEntryBody {
  return { ...entry, at: isoTime(at) };
}
