import { z } from "zod";
import { auditEntryBody, pageBody } from "../responses.ts";
import { defineRoute, type Route } from "../route.ts";
import { auditEntry } from "../schemas/audit.ts";
import { pageOf, pageParameters } from "../schemas/common.ts";
import type { AuditService } from "../services.ts";

export function auditRoutes(audit: AuditService): readonly Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/audit-log",
      access: "keys:manage",
      operationId: "listAuditLog",
      tag: "API keys",
      summary: "List who changed what, the newest first",
      description:
        "Every change that was made over this API, and every one that a key was not allowed to make.",
      query: z.strictObject(pageParameters),
      answers: [{ status: 200, description: "A page of the log", schema: pageOf(auditEntry) }],
      errors: ["invalid-cursor"],
      handle: async ({ query }, context) => context.json(pageBody(await audit.list(query), auditEntryBody)),
    }),
  ];
}
