import { z } from "zod";
import { auditEntry } from "../contract/audit-entry.ts";
import type { AuditLog } from "../contract/services.ts";
import { page, pageRequest } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { auditQuery } from "./audit-schema.ts";

/** @param actions the IDs of the audited operations */
export function auditRoutes(audit: AuditLog, actions: readonly string[]): readonly Route[] {
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
      answer: page(auditEntry, "A page of the log"),
      errors: ["invalid-cursor", "invalid-workflow-id"],
      handle: async ({ query }) => {
        const { workflow: workflowId, cursor: _cursor, limit: _limit, ...filter } = query;
        return await audit.list(pageRequest(query, z.int()), { ...filter, workflowId });
      },
    }),
  ];
}
