import { postgresColumns } from "./columns-postgres.ts";
import { tablesOf } from "./tables.ts";

/** The tables of PostgreSQL, of which `npm run migrations` makes its migrations. */
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
} = tablesOf(postgresColumns);
