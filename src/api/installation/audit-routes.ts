import { z } from "zod";
import { parseTimestamp } from "../../base/time.ts";
import type { AuditLog } from "../contract/services.ts";
import { pageAnswer, pageRequest, pageResponse } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { auditEntryBody, auditEntry, auditQuery } from "./audit-schema.ts";

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
      answers: [pageAnswer("A page of the log", auditEntry)],
      errors: ["invalid-cursor", "invalid-workflow-id"],
      handle: ({ query }, context) => {
        const { workflow, after = "", before = "", cursor: _cursor, limit: _limit, ...rest } = query;
        const times = { after: parseTimestamp(after), before: parseTimestamp(before) };
        const filter = { ...rest, workflowId: workflow, ...times };
        return pageResponse(context, audit.list(pageRequest(query, z.int()), filter), auditEntryBody);
      },
    }),
  ];
}
