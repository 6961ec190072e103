import { z } from "zod";
import { timestamp, workflowId } from "./fields.ts";
import type { View } from "./wire.ts";

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
    workflowId: workflowId.exactOptional().meta({
      description: "The workflow, if the entry is about one or about one of its executions",
    }),
    address: z.string().meta({ description: "IP address of the client", examples: ["203.0.113.7"] }),
    status: z
      .int()
      .meta({ description: "Status of the response; 403 if the request was denied", examples: [201] }),
  })
  .meta({ id: "AuditEntry" });

/** A change, or a denied attempt at one. */
export type AuditEntry = View<typeof auditEntry>;
