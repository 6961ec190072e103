import { formatDuration } from "../../base/duration-text.ts";
import type { JsonValue } from "../../base/json.ts";
import type { AlertContent, AlertIncident, AlertKind } from "../../domain/monitoring/alerts.ts";

/** An alert to be sent. */
export interface SentAlert {
  readonly alertId: string;
  readonly ruleId: string;
  readonly kind: AlertKind;
  readonly content: AlertContent;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

/** @param publicUrl of the API and the web UI, without a slash at its end */
export function createMessages(publicUrl: string): AlertMessages {
  const urlOf = ({ executionId, workflowId }: AlertIncident) =>
    executionId === undefined
      ? `${publicUrl}/workflows/${workflowId}`
      : `${publicUrl}/executions/${executionId}`;
  return {
    titleOf: ({ kind, content }) => titleOf(kind, content),
    textOf: ({ kind, content }) =>
      [
        `Rule: ${content.ruleName}`,
        ...content.incidents.flatMap((incident) => [
          "",
          `${incident.workflowId}: ${lineOf(kind, incident)}`,
          `Since ${new Date(incident.openedAt).toISOString()}`,
          urlOf(incident),
        ]),
        "",
        `Alerts: ${publicUrl}/alerts`,
      ].join("\n"),
    payloadOf: ({ alertId, ruleId, kind, content, createdAt }) => ({
      type: `alert.${kind}`,
      timestamp: new Date(createdAt).toISOString(),
      data: {
        alertId,
        ruleId,
        ruleName: content.ruleName,
        incidents: content.incidents.map((incident) => ({
          ...payloadOfIncident(incident),
          url: urlOf(incident),
        })),
        url: `${publicUrl}/alerts`,
      },
    }),
    slackOf: ({ kind, content }) => ({
      text: [
        `*${slackText(titleOf(kind, content))}*`,
        ...content.incidents.map(
          (incident) => `• <${urlOf(incident)}|${incident.workflowId}>: ${slackText(lineOf(kind, incident))}`,
        ),
      ].join("\n"),
    }),
  };
}

/** The forms of an alert in the channels. */
export interface AlertMessages {
  titleOf(alert: SentAlert): string;
  /** Plain text, for e-mails. */
  textOf(alert: SentAlert): string;
  /** The body of webhooks, and the payload of workflows. */
  payloadOf(alert: SentAlert): AlertPayload;
  slackOf(alert: SentAlert): { readonly text: string };
}

/** Times are RFC 3339. */
export type AlertPayload = {
  readonly type: `alert.${AlertKind}`;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, JsonValue>>;
};

function payloadOfIncident(incident: AlertIncident) {
  const { workflowId, summary, count, executionId, failureId, openedAt, closedAt, lastAt } = incident;
  return {
    workflowId,
    summary,
    count,
    openedAt: new Date(openedAt).toISOString(),
    ...(closedAt === undefined ? {} : { closedAt: new Date(closedAt).toISOString() }),
    lastAt: new Date(lastAt).toISOString(),
    ...(executionId === undefined ? {} : { executionId }),
    ...(failureId === undefined ? {} : { failureId }),
  };
}

function titleOf(kind: AlertKind, { incidents, ruleName }: AlertContent): string {
  if (kind === "test") return `Test alert of rule "${ruleName}"`;
  const [first] = incidents;
  const names = incidents.map(({ workflowId }) => workflowId);
  const shown =
    names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
  if (kind === "recovered") return `Recovered: ${shown}`;
  return incidents.length === 1 && first !== undefined
    ? `${first.workflowId}: ${first.summary}`
    : `${incidents.length} workflows: ${shown}`;
}

function lineOf(kind: AlertKind, { openedAt, closedAt, summary }: AlertIncident): string {
  if (kind !== "recovered" || closedAt === undefined) return summary;
  return `recovered after ${formatDuration(closedAt - openedAt)}. It was: ${summary}`;
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
function slackText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
