import { z } from "zod";
import { timestamp } from "./common.ts";

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
    address: z.string().meta({ description: "Where the request came from", examples: ["203.0.113.7"] }),
    status: z.int().meta({ description: "What was answered; 403 where it was refused", examples: [201] }),
  })
  .meta({ id: "AuditEntry" });

export type AuditEntryBody = z.input<typeof auditEntry>;
