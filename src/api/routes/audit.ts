import { pageAnswer, pageResponse } from "../paging.ts";
import { auditEntryBody } from "../responses.ts";
import { defineRoute, type Route } from "../route.ts";
import { parseTimestamp } from "../../domain/time.ts";
import { auditEntry, auditQuery } from "../schemas/audit.ts";
import type { AuditService } from "../services.ts";

/** @param actions the operations that are written down */
export function auditRoutes(audit: AuditService, actions: readonly string[]): readonly Route[] {
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
      query: auditQuery(actions),
      answers: [pageAnswer("A page of the log", auditEntry)],
      errors: ["invalid-cursor", "invalid-workflow-id"],
      handle: async ({ query: { cursor, limit, workflow, after = "", before = "", ...rest } }, context) => {
        const page = cursor === undefined ? { limit } : { limit, cursor };
        const times = { after: parseTimestamp(after), before: parseTimestamp(before) };
        const filter = { ...rest, workflowId: workflow, ...times };
        return pageResponse(context, await audit.list(page, filter), auditEntryBody);
      },
    }),
  ];
}
