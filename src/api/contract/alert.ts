import { z } from "zod";
import type { Page, PageRequest } from "../../base/page.ts";
import type { Alert, AlertChannel, AlertIncident, AlertRule } from "../../domain/monitoring/alerts.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { Permissions } from "../../domain/permissions.ts";
import { entryPointText, executionId, timestamp, workflowId } from "./fields.ts";
import type { View } from "./wire.ts";

export const conditionDescription =
  "When the rule opens an incident for a workflow. `first-failure` and `failures-in-a-row` close it when an execution " +
  "completes, `failure-rate` when the rate falls, the others when no execution meets them. `recovered` alerts only when a " +
  "workflow completes after it failed. `waiting-longer` is about executions that are due and not started, or that wait for a " +
  "callback or an event; `paused` about those that were paused because of a failure.";

const channel = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("webhook"),
    url: z.string(),
    hasSecret: z.literal(true),
    secret: z.string().exactOptional().meta({ description: "Shown only when it was generated" }),
  }),
  z.strictObject({ kind: z.literal("email"), to: z.array(z.string()) }),
  z.strictObject({
    kind: z.literal("slack"),
    url: z.string().meta({ description: "The last part is masked" }),
  }),
  z.strictObject({
    kind: z.literal("workflow"),
    workflow: workflowId,
    entryPoint: entryPointText.exactOptional(),
  }),
]);

const condition = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.enum(["first-failure", "recovered", "paused", "schedule-missed", "not-deterministic"]),
  }),
  z.strictObject({ kind: z.literal("failures-in-a-row"), count: z.int() }),
  z.strictObject({
    kind: z.literal("failure-rate"),
    percent: z.number(),
    window: z.string(),
    minRuns: z.int(),
  }),
  z.strictObject({ kind: z.enum(["running-longer", "waiting-longer"]), than: z.string() }),
]);

export const alertRule = z
  .strictObject({
    ruleId: z.string(),
    name: z.string().exactOptional(),
    workflow: workflowId.exactOptional(),
    enabled: z.boolean(),
    on: condition.meta({ description: conditionDescription }),
    channels: z.array(channel),
    recovery: z.boolean(),
    quiet: z.string().meta({ description: "A duration of ISO 8601", examples: ["PT10M"] }),
    createdAt: timestamp,
    updatedAt: timestamp,
    updatedBy: z.string().meta({ description: "The name of the API key" }),
    openIncidents: z.int().meta({ description: "The number of workflows that meet the condition now" }),
  })
  .meta({ id: "AlertRule" });

export const alertRuleList = z.strictObject({ items: z.array(alertRule) });

const incidentShape = {
  workflowId,
  summary: z
    .string()
    .meta({ examples: ["3 failures in a row: TypeError: x is not a function (orders.ts:12)"] }),
  count: z
    .int()
    .meta({ description: "The number of failures, or of the executions that meet the condition" }),
  openedAt: timestamp,
  closedAt: timestamp.exactOptional(),
  lastAt: timestamp,
  executionId: executionId.exactOptional(),
  failureId: z.string().exactOptional(),
};

export const alertIncident = z
  .strictObject({ ruleId: z.string(), ...incidentShape })
  .meta({ id: "AlertIncident" });

export const alertIncidentList = z.strictObject({ items: z.array(alertIncident) });

const delivery = z
  .strictObject({
    deliveryId: z.int(),
    channel: z.enum(["webhook", "email", "slack", "workflow"]),
    target: z.string().meta({ description: "The destination without its secrets" }),
    state: z.enum(["pending", "delivered", "failed"]),
    attempts: z.int(),
    nextAttemptAt: timestamp.exactOptional(),
    deliveredAt: timestamp.exactOptional(),
    error: z.string().exactOptional().meta({ description: "Why the last attempt failed" }),
    executionId: executionId.exactOptional().meta({ description: "The execution of a workflow channel" }),
  })
  .meta({ id: "AlertDelivery" });

export const alert = z
  .strictObject({
    alertId: z.string(),
    ruleId: z.string(),
    ruleName: z.string(),
    kind: z.enum(["opened", "recovered", "test"]),
    createdAt: timestamp,
    incidents: z.array(z.strictObject(incidentShape)),
    deliveries: z.array(delivery),
  })
  .meta({ id: "Alert" });

export const createdAlert = z.strictObject({ alertId: z.string() }).meta({ id: "CreatedAlert" });

export type AlertRuleResource = View<typeof alertRule>;

/** A rule, and the number of workflows that meet its condition now. */
export interface AlertRuleView extends AlertRule {
  readonly openIncidents: number;
}

/** A channel as a request describes it. */
export type AskedChannel =
  | { readonly kind: "webhook"; readonly url: string; readonly secret?: string }
  | { readonly kind: "email"; readonly to: readonly string[] }
  | { readonly kind: "slack"; readonly url: string }
  | { readonly kind: "workflow"; readonly workflowId: WorkflowId; readonly entryPoint?: string };

export interface AskedRule extends Pick<AlertRule, "id" | "name" | "workflowId" | "isEnabled"> {
  readonly condition: AlertRule["condition"];
  readonly channels: readonly AskedChannel[];
  readonly sendsRecovery: boolean;
  /** Defaults to ten minutes. */
  readonly quietMs?: number;
}

/** Who changes a rule. A key that is bound to workflows sees and changes only rules about one of them. */
export interface AlertActor extends Permissions {
  readonly name: string;
}

/** Rules of alerts, their incidents, and the alerts that were sent. */
export interface AlertService {
  /** Lists rules by ID. */
  rules(workflowIds: readonly WorkflowId[] | undefined): Promise<readonly AlertRuleView[]>;
  /** @throws {DuraniumError} `alert-rule-not-found` */
  rule(id: string, actor: Permissions): Promise<AlertRuleView>;
  /**
   * Adds or replaces a rule.
   *
   * @returns `secrets`: the generated signing secrets, by the ID of the channel
   * @throws {DuraniumError} `invalid-request`, `forbidden`
   */
  putRule(
    rule: AskedRule,
    actor: AlertActor,
  ): Promise<{
    readonly rule: AlertRuleView;
    readonly isNew: boolean;
    readonly secrets: ReadonlyMap<AlertChannel["id"], string>;
  }>;
  /** @throws {DuraniumError} `alert-rule-not-found` */
  removeRule(id: string, actor: Permissions): Promise<void>;
  /** Sends a test alert to all channels of the rule. */
  test(id: string, actor: Permissions): Promise<{ readonly alertId: string }>;
  /** Lists alerts, newest first. */
  alerts(
    filter: {
      readonly ruleId?: string | undefined;
      readonly workflowIds: readonly WorkflowId[] | undefined;
    },
    page: PageRequest<number>,
  ): Promise<Page<Alert, number>>;
  /** Lists incidents, the one that opened last first. */
  incidents(filter: {
    readonly workflowIds: readonly WorkflowId[] | undefined;
    readonly isOpen?: boolean | undefined;
    readonly limit: number;
  }): Promise<readonly AlertIncident[]>;
  /**
   * Attempts the failed deliveries of an alert again.
   *
   * @throws {DuraniumError} `alert-not-found`
   */
  retry(alertId: string, actor: Permissions): Promise<void>;
}
