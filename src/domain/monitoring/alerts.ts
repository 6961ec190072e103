import type { ExecutionId, WorkflowId } from "../ids.ts";

/** What a rule alerts to. Durations are milliseconds. */
export type AlertCondition =
  /** The workflow failed, and its execution before that did not. */
  | { readonly kind: "first-failure" }
  | { readonly kind: "failures-in-a-row"; readonly count: number }
  /** The percentage of executions that failed, among at least `minRuns` that ended within the window. */
  | {
      readonly kind: "failure-rate";
      readonly percent: number;
      readonly windowMs: number;
      readonly minRuns: number;
    }
  /** The workflow completed after it had failed. */
  | { readonly kind: "recovered" }
  | { readonly kind: "running-longer"; readonly thanMs: number }
  /** An execution waits to start, or for a callback or an event. */
  | { readonly kind: "waiting-longer"; readonly thanMs: number }
  /** Executions were paused because of a failure, not by an operator. */
  | { readonly kind: "paused" }
  | { readonly kind: "schedule-missed" }
  /** An ended execution was replayed on its own version in the background, and differed. */
  | { readonly kind: "not-deterministic" };

/** Where a rule sends its alerts. */
export type AlertChannel = { readonly id: string } & (
  | { readonly kind: "webhook"; readonly url: string; readonly secret: string }
  | { readonly kind: "email"; readonly to: readonly string[] }
  /** Slack, and services that accept its messages. The URL is a credential. */
  | { readonly kind: "slack"; readonly url: string }
  | { readonly kind: "workflow"; readonly workflowId: WorkflowId; readonly entryPoint?: string }
);

export type AlertChannelKind = AlertChannel["kind"];

/** Times are milliseconds since the Unix epoch. */
export interface AlertRule {
  /** Chosen by its author: `[a-z][a-z0-9-]{0,62}`. */
  readonly id: string;
  readonly name?: string;
  /** The workflow that the rule is about; all workflows without it. */
  readonly workflowId?: WorkflowId;
  readonly isEnabled: boolean;
  readonly condition: AlertCondition;
  readonly channels: readonly AlertChannel[];
  /** True if it also sends an alert when the condition is no longer met. */
  readonly sendsRecovery: boolean;
  /** How long it stays quiet about a workflow after an alert about it. */
  readonly quietMs: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

/** A time during which a workflow meets the condition of a rule. */
export interface AlertIncident {
  readonly ruleId: string;
  readonly workflowId: WorkflowId;
  readonly openedAt: number;
  /** Absent while it is open. */
  readonly closedAt?: number;
  /** The number of failures, or of the executions that meet the condition. */
  readonly count: number;
  readonly lastAt: number;
  /** One line: `3 failures in a row: TypeError: x is not a function (orders.ts:12)`. */
  readonly summary: string;
  /** The latest of these executions. */
  readonly executionId?: ExecutionId;
  readonly failureId?: string;
}

export type AlertKind = "opened" | "recovered" | "test";

/** The message of an alert, the same in all channels. */
export interface AlertContent {
  readonly ruleName: string;
  readonly incidents: readonly (AlertIncident & { readonly id: number })[];
}

export type DeliveryState = "pending" | "delivered" | "failed";

/** The delivery of an alert to one channel. */
export interface AlertDelivery {
  readonly id: number;
  readonly channel: AlertChannelKind;
  /** The destination without its secrets. */
  readonly target: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt?: number;
  readonly deliveredAt?: number;
  /** Why the last attempt failed. */
  readonly error?: string;
  /** The execution that a workflow channel started. */
  readonly executionId?: ExecutionId;
}

export interface Alert {
  readonly id: string;
  readonly ruleId: string;
  readonly kind: AlertKind;
  readonly createdAt: number;
  readonly content: AlertContent;
  readonly deliveries: readonly AlertDelivery[];
}

/** The destination of a channel as lists show it, without its secrets. */
export function channelTarget(channel: AlertChannel): string {
  switch (channel.kind) {
    case "webhook":
      return channel.url;
    case "email":
      return channel.to.join(", ");
    case "slack":
      return maskedUrl(channel.url);
    default:
      return channel.entryPoint === undefined
        ? channel.workflowId
        : `${channel.workflowId}/${channel.entryPoint}`;
  }
}

/** The URL with its last part hidden, which is the secret of incoming webhooks. */
export function maskedUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.slice(0, pathname.lastIndexOf("/") + 1)}••••`;
}
