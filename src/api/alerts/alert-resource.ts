import { maskedUrl } from "../../domain/monitoring/alerts.ts";
import type { Alert, AlertChannel, AlertDelivery, AlertRule } from "../../domain/monitoring/alerts.ts";
import type { Permissions } from "../../domain/permissions.ts";
import type { alert } from "../contract/alert.ts";
import type { AlertRuleResource, AlertRuleView, AlertService } from "../contract/alert.ts";
import type { View } from "../contract/wire.ts";
import type { AlertRuleRequest } from "./alert-schema.ts";
import { isoDuration } from "./iso-duration.ts";

/** Rules and alerts as the API shows them: durations as text, and channels without their secrets. */

/**
 * URLs of webhooks often are credentials, so keys that may not change alerts see them masked, as those of Slack are for all.
 */
export function seesUrls({ scopes }: Permissions): boolean {
  return scopes.includes("alerts:manage");
}

interface RuleOptions {
  readonly showsUrls: boolean;
  /** The generated secrets of webhooks, by the ID of the channel. */
  readonly secrets?: ReadonlyMap<string, string>;
}

export function ruleResource(
  rule: AlertRuleView,
  { showsUrls, secrets = new Map() }: RuleOptions,
): AlertRuleResource {
  const { name, workflowId, channels, createdAt, updatedAt, updatedBy, openIncidents } = rule;
  return {
    ruleId: rule.id,
    ...(name === undefined ? {} : { name }),
    ...(workflowId === undefined ? {} : { workflow: workflowId }),
    enabled: rule.isEnabled,
    on: conditionResource(rule.condition),
    channels: channels.map((channel) =>
      channelResource(channel, { showsUrls, secret: secrets.get(channel.id) }),
    ),
    recovery: rule.sendsRecovery,
    quiet: isoDuration(rule.quietMs),
    createdAt,
    updatedAt,
    updatedBy,
    openIncidents,
  };
}

function conditionResource(condition: AlertRule["condition"]): AlertRuleResource["on"] {
  if (condition.kind === "failure-rate") {
    const { windowMs, ...rest } = condition;
    return { ...rest, window: isoDuration(windowMs) };
  }
  if (condition.kind === "running-longer" || condition.kind === "waiting-longer")
    return { kind: condition.kind, than: isoDuration(condition.thanMs) };
  return condition;
}

function channelResource(
  channel: AlertChannel,
  { showsUrls, secret }: { readonly showsUrls: boolean; readonly secret: string | undefined },
): AlertRuleResource["channels"][number] {
  switch (channel.kind) {
    case "webhook":
      return {
        kind: "webhook",
        url: showsUrls ? channel.url : maskedUrl(channel.url),
        hasSecret: true,
        ...(secret === undefined ? {} : { secret }),
      };
    case "email":
      return { kind: "email", to: channel.to };
    case "slack":
      return { kind: "slack", url: maskedUrl(channel.url) };
    default: {
      const { workflowId: workflow, entryPoint } = channel;
      return { kind: "workflow", workflow, ...(entryPoint === undefined ? {} : { entryPoint }) };
    }
  }
}

export function alertResource(
  { id, ruleId, kind, createdAt, content, deliveries }: Alert,
  { showsUrls }: { readonly showsUrls: boolean },
): View<typeof alert> {
  const targetOf = ({ channel, target }: AlertDelivery) =>
    channel === "webhook" && !showsUrls ? maskedUrl(target) : target;
  return {
    alertId: id,
    ruleId,
    ruleName: content.ruleName,
    kind,
    createdAt,
    incidents: content.incidents,
    deliveries: deliveries.map(({ id: deliveryId, ...delivery }) => ({
      ...delivery,
      deliveryId,
      target: targetOf({ id: deliveryId, ...delivery }),
    })),
  };
}

/** The rule that a request describes. */
export function askedRule(id: string, body: AlertRuleRequest): Parameters<AlertService["putRule"]>[0] {
  const { name, workflow, enabled, on, channels, recovery, quiet } = body;
  return {
    id,
    ...(name === undefined ? {} : { name }),
    ...(workflow === undefined ? {} : { workflowId: workflow }),
    isEnabled: enabled,
    condition: askedCondition(on),
    channels: channels.map((channel) => {
      if (channel.kind !== "workflow") return channel;
      const { workflow: workflowId, ...rest } = channel;
      return { ...rest, workflowId };
    }),
    sendsRecovery: recovery,
    ...(quiet === undefined ? {} : { quietMs: quiet }),
  };
}

function askedCondition(on: AlertRuleRequest["on"]): AlertRule["condition"] {
  if (on.kind === "failure-rate") {
    const { window: windowMs, ...rest } = on;
    return { ...rest, windowMs };
  }
  if (on.kind === "running-longer" || on.kind === "waiting-longer") return { kind: on.kind, thanMs: on.than };
  return on;
}
