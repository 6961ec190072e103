import type { AlertIncident } from "../../domain/monitoring/alerts.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import { rows } from "../sql/database.ts";
import type { Database, Queries, Steps } from "../sql/database.ts";
import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lt } from "../sql/drizzle.ts";
import type { Tables } from "../sql/tables.ts";

/** An incident as it is stored. */
export interface StoredIncident extends AlertIncident {
  readonly id: number;
  /** When the alert about it was created; absent while its rule is quiet. */
  readonly alertedAt?: number;
}

/** What a condition found. Times are milliseconds since the Unix epoch. */
export type IncidentFacts = Pick<AlertIncident, "count" | "lastAt" | "summary" | "executionId" | "failureId">;

export interface IncidentFilter {
  readonly workflowIds?: readonly WorkflowId[] | undefined;
  readonly isOpen?: boolean | undefined;
  readonly limit: number;
}

/** Incidents of rules. */
export interface AlertIncidentStore {
  /** Lists incidents, the one that opened last first. */
  list(filter: IncidentFilter): Promise<readonly StoredIncident[]>;
  /** All open incidents. */
  open(): Promise<readonly StoredIncident[]>;
  /** Removes the incidents of a workflow. */
  removeAll(workflowId: WorkflowId): Promise<void>;
  /** Removes closed incidents that closed before a time. */
  removeBefore(time: number): Promise<void>;
}

/** The incidents within a transaction, and how far the ends of executions were evaluated. */
export interface AlertIncidentSteps {
  /** The end up to which rules were evaluated. */
  progress(): Steps<number>;
  setProgress(sequence: number): Steps<void>;
  find(id: number): Steps<StoredIncident | undefined>;
  /** The incident of a rule and a workflow that opened last. */
  latest(ruleId: string, workflowId: WorkflowId): Steps<StoredIncident | undefined>;
  open(): Steps<readonly StoredIncident[]>;
  add(
    incident: Pick<AlertIncident, "ruleId" | "workflowId" | "openedAt"> & IncidentFacts,
  ): Steps<StoredIncident>;
  update(id: number, facts: IncidentFacts): Steps<void>;
  close(id: number, now: number): Steps<void>;
  markAlerted(id: number, now: number): Steps<void>;
  /** True if an alert about the rule and the workflow was created at this time or later. */
  wasAlertedSince(of: Pick<AlertIncident, "ruleId" | "workflowId">, time: number): Steps<boolean>;
}

export function createAlertIncidentStore({ queries, tables }: Database): AlertIncidentStore {
  const { alertIncidents } = tables;
  const { id, closedAt, workflowId } = alertIncidents;
  return {
    async list({ workflowIds, isOpen, limit }) {
      const state = isOpen === undefined ? undefined : isOpen ? isNull(closedAt) : isNotNull(closedAt);
      const ofWorkflows = workflowIds === undefined ? undefined : inArray(workflowId, [...workflowIds]);
      const found = await queries
        .select()
        .from(alertIncidents)
        .where(and(ofWorkflows, state))
        .orderBy(desc(id))
        .limit(limit);
      return found.map(toIncident);
    },
    open: async () => (await openIncidents(queries, tables)).map(toIncident),
    async removeAll(ofWorkflow) {
      await queries.delete(alertIncidents).where(eq(workflowId, ofWorkflow));
    },
    async removeBefore(time) {
      await queries.delete(alertIncidents).where(and(gt(closedAt, 0), lt(closedAt, time)));
    },
  };
}

export function alertIncidentSteps(tx: Queries, tables: Tables): AlertIncidentSteps {
  const { alertIncidents } = tables;
  return {
    ...progressSteps(tx, tables),
    ...changes(tx, tables),
    *find(id) {
      const [row] = yield* rows(tx.select().from(alertIncidents).where(eq(alertIncidents.id, id)));
      return row === undefined ? undefined : toIncident(row);
    },
    *latest(ruleId, workflowId) {
      const [row] = yield* rows(
        tx
          .select()
          .from(alertIncidents)
          .where(isAbout(tables, { ruleId, workflowId }))
          .orderBy(desc(alertIncidents.id))
          .limit(1),
      );
      return row === undefined ? undefined : toIncident(row);
    },
    *open() {
      return (yield* rows(openIncidents(tx, tables))).map(toIncident);
    },
    *wasAlertedSince(of, time) {
      const found = yield* rows(
        tx
          .select({ id: alertIncidents.id })
          .from(alertIncidents)
          .where(and(isAbout(tables, of), gte(alertIncidents.alertedAt, time)))
          .limit(1),
      );
      return found.length > 0;
    },
  };
}

function openIncidents(queries: Queries, { alertIncidents }: Tables) {
  return queries
    .select()
    .from(alertIncidents)
    .where(isNull(alertIncidents.closedAt))
    .orderBy(asc(alertIncidents.id));
}

function isAbout(
  { alertIncidents }: Tables,
  { ruleId, workflowId }: Pick<AlertIncident, "ruleId" | "workflowId">,
) {
  return and(eq(alertIncidents.ruleId, ruleId), eq(alertIncidents.workflowId, workflowId));
}

function progressSteps(
  tx: Queries,
  { alertProgress }: Tables,
): Pick<AlertIncidentSteps, "progress" | "setProgress"> {
  return {
    *progress() {
      const [row] = yield* rows(tx.select().from(alertProgress));
      return row?.sequence ?? 0;
    },
    *setProgress(sequence) {
      yield* rows(
        tx
          .insert(alertProgress)
          .values({ id: 1, sequence })
          .onConflictDoUpdate({ target: alertProgress.id, set: { sequence } }),
      );
    },
  };
}

function changes(
  tx: Queries,
  { alertIncidents }: Tables,
): Pick<AlertIncidentSteps, "add" | "update" | "close" | "markAlerted"> {
  function* set(id: number, values: Partial<IncidentRow>): Steps<void> {
    yield* rows(tx.update(alertIncidents).set(values).where(eq(alertIncidents.id, id)));
  }
  return {
    *add({ executionId = null, failureId = null, ...incident }) {
      const row = { ...incident, executionId, failureId };
      const [added] = yield* rows(tx.insert(alertIncidents).values(row).returning());
      if (added === undefined) throw new Error("The database did not return the incident that it added");
      return toIncident(added);
    },
    update: (id, { count, lastAt, summary, executionId = null, failureId = null }) =>
      set(id, { count, lastAt, summary, executionId, failureId }),
    close: (id, closedAt) => set(id, { closedAt }),
    markAlerted: (id, alertedAt) => set(id, { alertedAt }),
  };
}

type IncidentRow = Tables["alertIncidents"]["$inferSelect"];

function toIncident({ closedAt, executionId, failureId, alertedAt, ...row }: IncidentRow): StoredIncident {
  return {
    ...row,
    ...(closedAt === null ? {} : { closedAt }),
    ...(executionId === null ? {} : { executionId }),
    ...(failureId === null ? {} : { failureId }),
    ...(alertedAt === null ? {} : { alertedAt }),
  };
}
