import { randomUUID } from "node:crypto";
import type { Page, PageRequest } from "../../base/page.ts";
import type {
  Alert,
  AlertChannel,
  AlertContent,
  AlertDelivery,
  AlertKind,
  AlertRule,
} from "../../domain/monitoring/alerts.ts";
import { channelTarget } from "../../domain/monitoring/alerts.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { SqliteDatabase } from "../sql/sqlite.ts";
import { and, asc, desc, eq, gte, inArray, isNull, lt, lte, min, or, sql } from "../sql/drizzle.ts";
import { keysetPage } from "../sql/keyset.ts";
import { alertDeliveries, alerts } from "../sql/schema.ts";

/** A delivery that this process attempts. */
export interface ClaimedDelivery {
  readonly id: number;
  readonly alertId: string;
  readonly ruleId: string;
  readonly channelId: string;
  readonly kind: AlertKind;
  readonly content: AlertContent;
  readonly createdAt: number;
  /** The number of attempts, including this one. */
  readonly attempts: number;
}

/** The outcome of an attempt. Times are milliseconds since the Unix epoch. */
export type AttemptOutcome =
  | { readonly deliveredAt: number; readonly executionId?: ExecutionId }
  /** Without `nextAttemptAt`, the delivery has failed for good. */
  | { readonly error: string; readonly nextAttemptAt?: number };

export interface AlertFilter {
  readonly ruleId?: string | undefined;
  /** Includes only alerts of rules of these workflows. */
  readonly workflowIds?: readonly WorkflowId[] | undefined;
}

/** Alerts with their deliveries: what is to be sent, and what was sent. */
export interface AlertOutbox {
  /** Adds an alert with a delivery for each channel of the rule, which is due at `dueAt`. */
  add(
    rule: Pick<AlertRule, "id" | "workflowId" | "channels">,
    alert: Pick<Alert, "kind" | "createdAt" | "content"> & { readonly dueAt: number },
  ): string;
  /** The alert of this kind that further incidents of the rule may join. */
  findUnsealed(ruleId: string, kind: AlertKind): Pick<Alert, "id" | "content"> | undefined;
  replaceContent(alertId: string, content: AlertContent): void;
  /** The number of alerts of a rule since a time. */
  countSince(ruleId: string, time: number): number;
  /** The number of test alerts of rules about a workflow, or about all, since a time. */
  countTestsSince(workflowId: WorkflowId | undefined, time: number): number;
  get(alertId: string): (Alert & { readonly workflowId: WorkflowId | null }) | undefined;
  /** Lists alerts, newest first. */
  list(filter: AlertFilter, page: PageRequest<number>): Page<Alert, number>;
  /**
   * Takes due deliveries and seals their alerts. A claim ends after `leaseMs`, because its process may have died.
   *
   * @param refresh called with the content of each alert that is sealed; returns the final content
   */
  claim(options: {
    readonly process: string;
    readonly now: number;
    readonly leaseMs: number;
    readonly limit: number;
    readonly refresh: (content: AlertContent) => AlertContent;
  }): readonly ClaimedDelivery[];
  settle(deliveryId: number, outcome: AttemptOutcome): void;
  /** Ends the claims of all processes. Only for a process that owns the data directory, before its first claim. */
  releaseClaims(now: number): void;
  /** Makes the failed deliveries of an alert due, also those that wait for their next attempt. Returns their number. */
  retryFailed(alertId: string, now: number): number;
  /** When the next delivery is due; `undefined` if none is pending. */
  nextDueAt(): number | undefined;
  /** Removes the alerts of rules about a workflow. */
  removeAll(workflowId: WorkflowId): void;
  /** Removes alerts that were created before a time. */
  removeBefore(time: number): void;
}

export function createAlertOutbox({ sync: queries }: SqliteDatabase): AlertOutbox {
  const count = (condition: ReturnType<typeof and>) =>
    queries
      .select({ count: sql<number>`count(*)` })
      .from(alerts)
      .where(condition)
      .get()?.count ?? 0;
  return {
    add: (rule, alert) => queries.transaction((tx) => add(tx, rule, alert)),
    findUnsealed: (ruleId, kind) =>
      queries
        .select()
        .from(alerts)
        .where(and(eq(alerts.ruleId, ruleId), eq(alerts.kind, kind), isNull(alerts.sealedAt)))
        .get(),
    replaceContent: (alertId, content) =>
      void queries.update(alerts).set({ content }).where(eq(alerts.id, alertId)).run(),
    countSince: (ruleId, time) => count(and(eq(alerts.ruleId, ruleId), gte(alerts.createdAt, time))),
    countTestsSince(workflowId, time) {
      const isAbout =
        workflowId === undefined ? isNull(alerts.workflowId) : eq(alerts.workflowId, workflowId);
      return count(and(eq(alerts.kind, "test"), isAbout, gte(alerts.createdAt, time)));
    },
    get(alertId) {
      const row = queries.select().from(alerts).where(eq(alerts.id, alertId)).get();
      if (row === undefined) return undefined;
      return { ...toAlert(row, deliveriesOf(queries, [alertId])), workflowId: row.workflowId };
    },
    list: (filter, page) => list(queries, filter, page),
    claim: (options) => queries.transaction((tx) => claim(tx, options), { behavior: "immediate" }),
    ...settlements({ sync: queries }),
    nextDueAt: () =>
      queries
        .select({ at: min(alertDeliveries.nextAttemptAt) })
        .from(alertDeliveries)
        .get()?.at ?? undefined,
    removeAll: (workflowId) => void queries.delete(alerts).where(eq(alerts.workflowId, workflowId)).run(),
    removeBefore: (time) => void queries.delete(alerts).where(lt(alerts.createdAt, time)).run(),
  };
}

type SyncQueries = SqliteDatabase["sync"];
type AlertRow = typeof alerts.$inferSelect;
type DeliveryRow = typeof alertDeliveries.$inferSelect;

function add(
  tx: SyncQueries,
  { id: ruleId, workflowId, channels }: Parameters<AlertOutbox["add"]>[0],
  { kind, createdAt, content, dueAt }: Parameters<AlertOutbox["add"]>[1],
): string {
  const id = randomUUID();
  tx.insert(alerts)
    .values({ id, ruleId, workflowId: workflowId ?? null, kind, createdAt, content })
    .run();
  for (const channel of channels)
    tx.insert(alertDeliveries)
      .values(newDelivery(id, channel, dueAt))
      .run();
  return id;
}

function newDelivery(alertId: string, channel: AlertChannel, dueAt: number) {
  return {
    alertId,
    channelId: channel.id,
    channel: channel.kind,
    target: channelTarget(channel),
    state: "pending" as const,
    attempts: 0,
    nextAttemptAt: dueAt,
  };
}

function list(
  queries: SyncQueries,
  { ruleId, workflowIds }: AlertFilter,
  { after, limit }: PageRequest<number>,
): Page<Alert, number> {
  const rows = queries
    .select()
    .from(alerts)
    .where(
      and(
        ruleId === undefined ? undefined : eq(alerts.ruleId, ruleId),
        workflowIds === undefined ? undefined : inArray(alerts.workflowId, [...workflowIds]),
        after === undefined ? undefined : lt(alerts.sequence, after),
      ),
    )
    .orderBy(desc(alerts.sequence))
    .limit(limit + 1)
    .all();
  const deliveries = deliveriesOf(
    queries,
    rows.map(({ id }) => id),
  );
  return keysetPage(rows, {
    limit,
    toItem: (row) => toAlert(row, deliveries),
    keyOf: ({ sequence }) => sequence,
  });
}

function claim(
  tx: SyncQueries,
  { process, now, leaseMs, limit, refresh }: Parameters<AlertOutbox["claim"]>[0],
): readonly ClaimedDelivery[] {
  const due = tx
    .select()
    .from(alertDeliveries)
    .innerJoin(alerts, eq(alerts.id, alertDeliveries.alertId))
    .where(lte(alertDeliveries.nextAttemptAt, now))
    .orderBy(asc(alertDeliveries.nextAttemptAt), asc(alertDeliveries.id))
    .limit(limit)
    .all();
  const sealed = new Map<string, AlertContent>();
  return due.map(({ alert_deliveries: delivery, alerts: alert }) => {
    const content = sealed.get(alert.id) ?? seal(tx, alert, { now, refresh });
    sealed.set(alert.id, content);
    const attempts = delivery.attempts + 1;
    tx.update(alertDeliveries)
      .set({ attempts, claimedBy: process, nextAttemptAt: now + leaseMs })
      .where(eq(alertDeliveries.id, delivery.id))
      .run();
    const { id, alertId, channelId } = delivery;
    const { ruleId, kind, createdAt } = alert;
    return { id, alertId, ruleId, channelId, kind, content, createdAt, attempts };
  });
}

/** A repeated delivery must have the same content as the first, so no incident joins the alert from here on. */
function seal(
  tx: SyncQueries,
  { id, sealedAt, content }: AlertRow,
  { now, refresh }: { readonly now: number; readonly refresh: (content: AlertContent) => AlertContent },
): AlertContent {
  if (sealedAt !== null) return content;
  const final = refresh(content);
  tx.update(alerts).set({ sealedAt: now, content: final }).where(eq(alerts.id, id)).run();
  return final;
}

function settlements({
  sync: queries,
}: Pick<SqliteDatabase, "sync">): Pick<AlertOutbox, "settle" | "releaseClaims" | "retryFailed"> {
  return {
    settle(deliveryId, outcome) {
      const values =
        "deliveredAt" in outcome
          ? { state: "delivered" as const, nextAttemptAt: null, error: null, ...outcome }
          : {
              state: outcome.nextAttemptAt === undefined ? ("failed" as const) : ("pending" as const),
              nextAttemptAt: outcome.nextAttemptAt ?? null,
              error: outcome.error,
            };
      queries
        .update(alertDeliveries)
        .set({ ...values, claimedBy: null })
        .where(eq(alertDeliveries.id, deliveryId))
        .run();
    },
    releaseClaims: (now) =>
      void queries
        .update(alertDeliveries)
        .set({ claimedBy: null, nextAttemptAt: now })
        .where(and(eq(alertDeliveries.state, "pending"), sql`${alertDeliveries.claimedBy} IS NOT NULL`))
        .run(),
    retryFailed: (alertId, now) =>
      queries
        .update(alertDeliveries)
        .set({ state: "pending", attempts: 0, nextAttemptAt: now })
        .where(
          and(
            eq(alertDeliveries.alertId, alertId),
            or(eq(alertDeliveries.state, "failed"), isBetweenAttempts),
          ),
        )
        .run().changes,
  };
}

const isBetweenAttempts = and(
  eq(alertDeliveries.state, "pending"),
  isNull(alertDeliveries.claimedBy),
  gte(alertDeliveries.attempts, 1),
);

function deliveriesOf(queries: SyncQueries, alertIds: readonly string[]): readonly DeliveryRow[] {
  return queries
    .select()
    .from(alertDeliveries)
    .where(inArray(alertDeliveries.alertId, [...alertIds]))
    .orderBy(asc(alertDeliveries.id))
    .all();
}

function toAlert(
  { id, ruleId, kind, createdAt, content }: AlertRow,
  deliveries: readonly DeliveryRow[],
): Alert {
  const own = deliveries.filter(({ alertId }) => alertId === id).map(toDelivery);
  return { id, ruleId, kind, createdAt, content, deliveries: own };
}

function toDelivery(row: DeliveryRow): AlertDelivery {
  const { id, channel, target, state, attempts, nextAttemptAt, deliveredAt, error, executionId } = row;
  return {
    id,
    channel,
    target,
    state,
    attempts,
    ...(nextAttemptAt === null ? {} : { nextAttemptAt }),
    ...(deliveredAt === null ? {} : { deliveredAt }),
    ...(error === null ? {} : { error }),
    ...(executionId === null ? {} : { executionId }),
  };
}
