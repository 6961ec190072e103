import { z } from "zod";
import { pageAnswer, pageResponse } from "../paging.ts";
import { auditEntryBody } from "../responses.ts";
import { defineRoute, type Route } from "../route.ts";
import { auditEntry } from "../schemas/audit.ts";
import { pageParameters } from "../schemas/common.ts";
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
      answers: [pageAnswer("A page of the log", auditEntry)],
      errors: ["invalid-cursor"],
      handle: async ({ query }, context) => pageResponse(context, await audit.list(query), auditEntryBody),
    }),
  ];
}
