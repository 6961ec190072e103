import { z } from "zod";
import { maxApiKeyNameLength } from "../../domain/limits.ts";
import type { AuditEntry } from "../contract/services.ts";
import { pageParameters, timestamp, workflowIdParameter, workflowIdText } from "../http/common-schema.ts";
import { isoTime } from "../http/wire.ts";

/** @param actions the operations that are written down */
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
    after: timestamp.exactOptional().meta({ description: "Only entries of then or later" }),
    before: timestamp.exactOptional().meta({ description: "Only entries of before" }),
    ...pageParameters,
  });
}

export const auditEntry = z
  .strictObject({
    id: z.int(),
    at: timestamp,
    actorId: z.string().meta({ description: "The id of the API key" }),
    actor: z.string().meta({ description: "The name of the API key", examples: ["ci"] }),
    action: z
      .string()
      .meta({ description: "The operation, as this document calls it", examples: ["deployWorkflow"] }),
    subject: z
      .string()
      .meta({ description: "What it was done to", examples: ["/workflows/order-sync/deploy"] }),
    workflowId: workflowIdText.exactOptional().meta({
      description: "Which workflow it was about, where it was about one or an execution of it",
    }),
    address: z.string().meta({ description: "Where the request came from", examples: ["203.0.113.7"] }),
    status: z.int().meta({ description: "What was answered; 403 where it was refused", examples: [201] }),
  })
  .meta({ id: "AuditEntry" });

export type AuditEntryBody = z.input<typeof auditEntry>;

export function auditEntryBody({ at, ...entry }: AuditEntry): AuditEntryBody {
  return { ...entry, at: isoTime(at) };
}
