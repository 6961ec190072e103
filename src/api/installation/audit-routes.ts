import { parseTimestamp } from "../../base/time.ts";
import type { AuditService } from "../contract/services.ts";
import { pageAnswer, pageResponse } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { auditEntryBody, auditEntry, auditQuery } from "./audit-schema.ts";

/** @param actions the IDs of the audited operations */
export function auditRoutes(audit: AuditService, actions: readonly string[]): readonly Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/audit-log",
      access: "keys:manage",
      operationId: "listAuditLog",
      tag: "API keys",
      summary: "List audit log entries, newest first",
      description: "All changes over this API, including denied ones.",
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
