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
import { changedRows, rows } from "../sql/database.ts";
import type { Database, Queries, Steps } from "../sql/database.ts";
import {
  and,
  asc,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  min,
  or,
  sql,
} from "../sql/drizzle.ts";
import { keysetPage } from "../sql/keyset.ts";
import type { Tables } from "../sql/tables.ts";
import { alertIncidentSteps } from "./alert-incidents.ts";

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
  add(rule: AlertedRule, alert: NewAlert): Promise<string>;
  /** The number of test alerts of rules about a workflow, or about all, since a time. */
  countTestsSince(workflowId: WorkflowId | undefined, time: number): Promise<number>;
  get(alertId: string): Promise<(Alert & { readonly workflowId: WorkflowId | null }) | undefined>;
  /** Lists alerts, newest first. */
  list(filter: AlertFilter, page: PageRequest<number>): Promise<Page<Alert, number>>;
  /**
   * Takes due deliveries and seals their alerts, with their incidents as they are now. A claim ends after `leaseMs`, because
   * its process may have died.
   */
  claim(options: ClaimOptions): Promise<readonly ClaimedDelivery[]>;
  settle(deliveryId: number, outcome: AttemptOutcome): Promise<void>;
  /** Ends the claims of all processes. Only for a process that owns the data directory, before its first claim. */
  releaseClaims(now: number): Promise<void>;
  /** Makes the failed deliveries of an alert due, also those that wait for their next attempt. Returns their number. */
  retryFailed(alertId: string, now: number): Promise<number>;
  /** When the next delivery is due; `undefined` if none is pending. */
  nextDueAt(): Promise<number | undefined>;
  /** Removes the alerts of rules about a workflow. */
  removeAll(workflowId: WorkflowId): Promise<void>;
  /** Removes alerts that were created before a time. */
  removeBefore(time: number): Promise<void>;
}

/** The outbox within a transaction. */
export interface AlertOutboxSteps {
  add(rule: AlertedRule, alert: NewAlert): Steps<string>;
  /** The alert of this kind that further incidents of the rule may join. */
  findUnsealed(ruleId: string, kind: AlertKind): Steps<Pick<Alert, "id" | "content"> | undefined>;
  replaceContent(alertId: string, content: AlertContent): Steps<void>;
  /** The number of alerts of a rule since a time. */
  countSince(ruleId: string, time: number): Steps<number>;
}

type AlertedRule = Pick<AlertRule, "id" | "workflowId" | "channels">;
type NewAlert = Pick<Alert, "kind" | "createdAt" | "content"> & { readonly dueAt: number };

interface ClaimOptions {
  readonly process: string;
  readonly now: number;
  readonly leaseMs: number;
  readonly limit: number;
}

export function createAlertOutbox(database: Database): AlertOutbox {
  const { queries, tables } = database;
  const { alertDeliveries, alerts } = tables;
  return {
    add: async (rule, alert) => await database.transaction((tx) => add(tx, tables, { rule, alert })),
    async countTestsSince(workflowId, time) {
      const isAbout =
        workflowId === undefined ? isNull(alerts.workflowId) : eq(alerts.workflowId, workflowId);
      const isTest = and(eq(alerts.kind, "test"), isAbout, gte(alerts.createdAt, time));
      const [counted] = await countAlerts(queries, tables, isTest);
      return counted?.count ?? 0;
    },
    async get(alertId) {
      const [row] = await queries.select().from(alerts).where(eq(alerts.id, alertId));
      if (row === undefined) return undefined;
      const deliveries = await deliveriesOf(database, [alertId]);
      return { ...toAlert(row, deliveries), workflowId: row.workflowId };
    },
    list: async (filter, page) => await list(database, filter, page),
    claim: async (options) => await database.transaction((tx) => claim(tx, tables, options)),
    ...settlements(database),
    async nextDueAt() {
      const [next] = await queries
        .select({ at: min(alertDeliveries.nextAttemptAt) })
        .from(alertDeliveries)
        .where(isNotNull(alertDeliveries.nextAttemptAt));
      return next?.at ?? undefined;
    },
    async removeAll(workflowId) {
      await queries.delete(alerts).where(eq(alerts.workflowId, workflowId));
    },
    async removeBefore(time) {
      await queries.delete(alerts).where(lt(alerts.createdAt, time));
    },
  };
}

export function alertOutboxSteps(tx: Queries, tables: Tables): AlertOutboxSteps {
  const { alerts } = tables;
  return {
    add: (rule, alert) => add(tx, tables, { rule, alert }),
    *findUnsealed(ruleId, kind) {
      const isJoinable = and(eq(alerts.ruleId, ruleId), eq(alerts.kind, kind), isNull(alerts.sealedAt));
      const [row] = yield* rows(tx.select().from(alerts).where(isJoinable));
      return row;
    },
    *replaceContent(alertId, content) {
      yield* rows(tx.update(alerts).set({ content }).where(eq(alerts.id, alertId)));
    },
    *countSince(ruleId, time) {
      const isCounted = and(eq(alerts.ruleId, ruleId), gte(alerts.createdAt, time));
      const [counted] = yield* rows(countAlerts(tx, tables, isCounted));
      return counted?.count ?? 0;
    },
  };
}

type AlertRow = Tables["alerts"]["$inferSelect"];
type DeliveryRow = Tables["alertDeliveries"]["$inferSelect"];

function countAlerts(queries: Queries, { alerts }: Tables, condition: ReturnType<typeof and>) {
  return queries
    .select({ count: sql<number>`count(*)` })
    .from(alerts)
    .where(condition);
}

function* add(
  tx: Queries,
  { alerts, alertDeliveries }: Tables,
  { rule, alert }: { readonly rule: AlertedRule; readonly alert: NewAlert },
): Steps<string> {
  const id = randomUUID();
  const { dueAt, ...row } = alert;
  yield* rows(tx.insert(alerts).values({ ...row, id, ruleId: rule.id, workflowId: rule.workflowId ?? null }));
  const deliveries = rule.channels.map((channel) => newDelivery(id, channel, dueAt));
  if (deliveries.length > 0) yield* rows(tx.insert(alertDeliveries).values(deliveries));
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

async function list(
  database: Database,
  { ruleId, workflowIds }: AlertFilter,
  { after, limit }: PageRequest<number>,
): Promise<Page<Alert, number>> {
  const { alerts } = database.tables;
  const found = await database.queries
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
    .limit(limit + 1);
  const deliveries = await deliveriesOf(
    database,
    found.map(({ id }) => id),
  );
  return keysetPage(found, {
    limit,
    toItem: (row) => toAlert(row, deliveries),
    keyOf: ({ sequence }) => sequence,
  });
}

function* claim(
  tx: Queries,
  tables: Tables,
  { process, now, leaseMs, limit }: ClaimOptions,
): Steps<readonly ClaimedDelivery[]> {
  const { alertDeliveries, alerts } = tables;
  const due = yield* rows(
    tx
      .select()
      .from(alertDeliveries)
      .innerJoin(alerts, eq(alerts.id, alertDeliveries.alertId))
      .where(lte(alertDeliveries.nextAttemptAt, now))
      .orderBy(asc(alertDeliveries.nextAttemptAt), asc(alertDeliveries.id))
      .limit(limit),
  );
  const sealed = new Map<string, AlertContent>();
  const claimed: ClaimedDelivery[] = [];
  for (const { alert_deliveries: delivery, alerts: alert } of due) {
    const content = sealed.get(alert.id) ?? (yield* seal(tx, tables, { alert, now }));
    sealed.set(alert.id, content);
    const attempts = delivery.attempts + 1;
    yield* rows(
      tx
        .update(alertDeliveries)
        .set({ attempts, claimedBy: process, nextAttemptAt: now + leaseMs })
        .where(eq(alertDeliveries.id, delivery.id)),
    );
    const { id, alertId, channelId } = delivery;
    const { ruleId, kind, createdAt } = alert;
    claimed.push({ id, alertId, ruleId, channelId, kind, content, createdAt, attempts });
  }
  return claimed;
}

/** A repeated delivery must have the same content as the first, so no incident joins the alert from here on. */
function* seal(
  tx: Queries,
  tables: Tables,
  { alert, now }: { readonly alert: AlertRow; readonly now: number },
): Steps<AlertContent> {
  if (alert.sealedAt !== null) return alert.content;
  const current = alertIncidentSteps(tx, tables);
  const incidents: AlertContent["incidents"][number][] = [];
  for (const incident of alert.content.incidents)
    incidents.push((yield* current.find(incident.id)) ?? incident);
  const content = { ...alert.content, incidents };
  const { alerts } = tables;
  yield* rows(tx.update(alerts).set({ sealedAt: now, content }).where(eq(alerts.id, alert.id)));
  return content;
}

function settlements({
  queries,
  tables: { alertDeliveries },
}: Database): Pick<AlertOutbox, "settle" | "releaseClaims" | "retryFailed"> {
  const { alertId: ofAlert, attempts, claimedBy, id, state } = alertDeliveries;
  const isPending = eq(state, "pending");
  const isBetweenAttempts = and(isPending, isNull(claimedBy), gte(attempts, 1));
  return {
    async settle(deliveryId, outcome) {
      await queries
        .update(alertDeliveries)
        .set({ ...settledBy(outcome), claimedBy: null })
        .where(eq(id, deliveryId));
    },
    async releaseClaims(now) {
      await queries
        .update(alertDeliveries)
        .set({ claimedBy: null, nextAttemptAt: now })
        .where(and(isPending, isNotNull(claimedBy)));
    },
    async retryFailed(alertId, now) {
      const retried = await queries
        .update(alertDeliveries)
        .set({ state: "pending", attempts: 0, nextAttemptAt: now })
        .where(and(eq(ofAlert, alertId), or(eq(state, "failed"), isBetweenAttempts)));
      return changedRows(retried);
    },
  };
}

function settledBy(outcome: AttemptOutcome): Partial<DeliveryRow> {
  if ("deliveredAt" in outcome) return { state: "delivered", nextAttemptAt: null, error: null, ...outcome };
  const { nextAttemptAt = null, error } = outcome;
  return { state: nextAttemptAt === null ? "failed" : "pending", nextAttemptAt, error };
}

async function deliveriesOf(
  { queries, tables: { alertDeliveries } }: Database,
  alertIds: readonly string[],
): Promise<readonly DeliveryRow[]> {
  return await queries
    .select()
    .from(alertDeliveries)
    .where(inArray(alertDeliveries.alertId, [...alertIds]))
    .orderBy(asc(alertDeliveries.id));
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
