import { sqliteColumns } from "./columns.ts";
import { tablesOf } from "./tables.ts";

/** The tables of SQLite. */
export const {
  workflows,
  sources,
  versions,
  engines,
  logs,
  executionEnds,
  executionCounts,
  alertRules,
  alertProgress,
  alertIncidents,
  alerts,
  alertDeliveries,
  secrets,
  workflowSettings,
  drafts,
  packages,
  webhooks,
  workflowPauses,
  pausedExecutions,
  crashCounts,
  webhookDeliveries,
  webhookSignatures,
  auditLog,
  sessions,
  apiKeys,
} = tablesOf(sqliteColumns);
