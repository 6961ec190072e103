import type { AlertIncident } from "../../domain/monitoring/alerts.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { SqliteDatabase } from "../sql/sqlite.ts";
import { and, desc, eq, gt, gte, inArray, isNotNull, isNull, lt } from "../sql/drizzle.ts";
import { alertIncidents, alertProgress } from "../sql/schema.ts";

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

/** Incidents of rules, and how far the ends of executions were evaluated. */
export interface AlertIncidentStore {
  /** Runs `work` in one transaction, so that processes evaluate sequentially. */
  atomically<T>(work: () => T): T;
  /** The end up to which rules were evaluated. */
  progress(): number;
  setProgress(sequence: number): void;
  /** Lists incidents, the one that opened last first. */
  list(filter: IncidentFilter): readonly StoredIncident[];
  find(id: number): StoredIncident | undefined;
  /** The incident of a rule and a workflow that opened last. */
  latest(ruleId: string, workflowId: WorkflowId): StoredIncident | undefined;
  /** All open incidents. */
  open(): readonly StoredIncident[];
  add(incident: Pick<AlertIncident, "ruleId" | "workflowId" | "openedAt"> & IncidentFacts): StoredIncident;
  update(id: number, facts: IncidentFacts): void;
  close(id: number, now: number): void;
  markAlerted(id: number, now: number): void;
  /** True if an alert about the rule and the workflow was created at this time or later. */
  wasAlertedSince(of: Pick<AlertIncident, "ruleId" | "workflowId">, time: number): boolean;
  /** Removes the incidents of a workflow. */
  removeAll(workflowId: WorkflowId): void;
  /** Removes closed incidents that closed before a time. */
  removeBefore(time: number): void;
}

export function createAlertIncidentStore({ sync: queries }: SqliteDatabase): AlertIncidentStore {
  return {
    atomically: (work) => queries.transaction(work, { behavior: "immediate" }),
    progress: () => queries.select().from(alertProgress).get()?.sequence ?? 0,
    setProgress: (sequence) =>
      void queries
        .insert(alertProgress)
        .values({ id: 1, sequence })
        .onConflictDoUpdate({ target: alertProgress.id, set: { sequence } })
        .run(),
    list: ({ workflowIds, isOpen, limit }) =>
      queries
        .select()
        .from(alertIncidents)
        .where(
          and(
            workflowIds === undefined ? undefined : inArray(alertIncidents.workflowId, [...workflowIds]),
            isOpen === undefined ? undefined : isOpen ? isOpenIncident : isNotNull(alertIncidents.closedAt),
          ),
        )
        .orderBy(desc(alertIncidents.id))
        .limit(limit)
        .all()
        .map(toIncident),
    find: (id) => {
      const row = queries.select().from(alertIncidents).where(eq(alertIncidents.id, id)).get();
      return row === undefined ? undefined : toIncident(row);
    },
    latest: (ruleId, workflowId) => latest({ sync: queries }, ruleId, workflowId),
    open: () => queries.select().from(alertIncidents).where(isOpenIncident).all().map(toIncident),
    add: ({ executionId = null, failureId = null, ...incident }) =>
      toIncident(
        queries
          .insert(alertIncidents)
          .values({ ...incident, executionId, failureId })
          .returning()
          .get(),
      ),
    ...changes({ sync: queries }),
    wasAlertedSince: ({ ruleId, workflowId }, time) =>
      queries
        .select({ id: alertIncidents.id })
        .from(alertIncidents)
        .where(
          and(
            eq(alertIncidents.ruleId, ruleId),
            eq(alertIncidents.workflowId, workflowId),
            gte(alertIncidents.alertedAt, time),
          ),
        )
        .limit(1)
        .get() !== undefined,
  };
}

function latest(
  { sync: queries }: Pick<SqliteDatabase, "sync">,
  ruleId: string,
  workflowId: WorkflowId,
): StoredIncident | undefined {
  const row = queries
    .select()
    .from(alertIncidents)
    .where(and(eq(alertIncidents.ruleId, ruleId), eq(alertIncidents.workflowId, workflowId)))
    .orderBy(desc(alertIncidents.id))
    .limit(1)
    .get();
  return row === undefined ? undefined : toIncident(row);
}

function changes({
  sync: queries,
}: Pick<SqliteDatabase, "sync">): Pick<
  AlertIncidentStore,
  "update" | "close" | "markAlerted" | "removeAll" | "removeBefore"
> {
  const set = (id: number, values: Partial<IncidentRow>) =>
    void queries.update(alertIncidents).set(values).where(eq(alertIncidents.id, id)).run();
  return {
    update: (id, { executionId = null, failureId = null, ...facts }) =>
      set(id, { ...facts, executionId, failureId }),
    close: (id, closedAt) => set(id, { closedAt }),
    markAlerted: (id, alertedAt) => set(id, { alertedAt }),
    removeAll: (workflowId) =>
      void queries.delete(alertIncidents).where(eq(alertIncidents.workflowId, workflowId)).run(),
    removeBefore: (time) =>
      void queries
        .delete(alertIncidents)
        .where(and(gt(alertIncidents.closedAt, 0), lt(alertIncidents.closedAt, time)))
        .run(),
  };
}

type IncidentRow = typeof alertIncidents.$inferSelect;

const isOpenIncident = isNull(alertIncidents.closedAt);

function toIncident({ closedAt, executionId, failureId, alertedAt, ...row }: IncidentRow): StoredIncident {
  return {
    ...row,
    ...(closedAt === null ? {} : { closedAt }),
    ...(executionId === null ? {} : { executionId }),
    ...(failureId === null ? {} : { failureId }),
    ...(alertedAt === null ? {} : { alertedAt }),
  };
}
