import { createHmac } from "node:crypto";
import { toJsonText } from "../../base/json.ts";
import type { AlertChannel } from "../../domain/monitoring/alerts.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import type { HttpClient } from "../../host/network/http-client.ts";
import { acceptedHeaders, callerHeaders } from "../../journal/input-headers.ts";
import { executeInputText } from "../../journal/execute-input.ts";
import { workflowObjectName } from "../../journal/object-names.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import type { WorkflowStore } from "../../stores/workflows.ts";
import type { AlertMessages, SentAlert } from "./alert-message.ts";
import type { Mailer } from "./mailer.ts";
import { maxAlertResponseBytes } from "./limits.ts";

export interface AlertSenderOptions {
  readonly messages: AlertMessages;
  /** Applies the operator's egress rules, as to fetches of workflows. */
  readonly http: HttpClient;
  /** Undefined if no mail server is configured. */
  readonly mailer: Mailer | undefined;
  readonly restate: Pick<RestateClient, "send">;
  readonly workflows: Pick<WorkflowStore, "get">;
}

/** @param deliveryId the same in each attempt, so that receivers recognize a repeated delivery */
export type SendAlert = (
  channel: AlertChannel,
  alert: SentAlert,
  options: { readonly deliveryId: number; readonly signal: AbortSignal },
) => Promise<{ readonly executionId?: ExecutionId }>;

/** Sends an alert to a channel. Rejects if the receiver did not accept it. */
export function createAlertSender(options: AlertSenderOptions): SendAlert {
  const { messages, mailer } = options;
  return async (channel, alert, { deliveryId, signal }) => {
    switch (channel.kind) {
      case "webhook": {
        const body = JSON.stringify(messages.payloadOf(alert));
        await post(options, channel.url, { body, headers: signatureOf(channel.secret, alert, body), signal });
        return {};
      }
      case "slack": {
        await post(options, channel.url, {
          body: JSON.stringify(messages.slackOf(alert)),
          headers: [],
          signal,
        });
        return {};
      }
      case "email": {
        if (mailer === undefined) throw new Error("no mail server is configured: set DURANIUM_SMTP_URL");
        const [subject, text] = [messages.titleOf(alert), messages.textOf(alert)];
        await mailer.send({ id: `${alert.alertId}.${deliveryId}`, to: channel.to, subject, text }, signal);
        return {};
      }
      default:
        return await execute(options, channel, alert, deliveryId);
    }
  };
}

/** https://www.standardwebhooks.com: the ID is that of the alert, and the time that of the attempt. */
function signatureOf(
  secret: string,
  { alertId }: SentAlert,
  body: string,
): readonly (readonly [string, string])[] {
  const seconds = Math.floor(Date.now() / 1_000);
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${alertId}.${seconds}.${body}`).digest("base64");
  return [
    ["webhook-id", alertId],
    ["webhook-timestamp", String(seconds)],
    ["webhook-signature", `v1,${signature}`],
  ];
}

async function post(
  { http }: Pick<AlertSenderOptions, "http">,
  url: string,
  request: {
    readonly body: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { status } = await http.fetch(
    {
      url,
      method: "POST",
      headers: [["content-type", "application/json"], ["user-agent", "Duranium"], ...request.headers],
      redirect: "error",
      body: new TextEncoder().encode(request.body),
      maxResponseBytes: maxAlertResponseBytes,
    },
    request.signal,
  );
  if (status < 200 || status > 299) throw new Error(`the receiver responded with status ${status}`);
}

/** The idempotency key makes a repeated delivery start no second execution. */
async function execute(
  { messages, restate, workflows }: AlertSenderOptions,
  { workflowId, entryPoint }: Extract<AlertChannel, { kind: "workflow" }>,
  alert: SentAlert,
  deliveryId: number,
): Promise<{ readonly executionId: ExecutionId }> {
  await workflows.get(workflowId);
  const input = await executeInputText({ entryPoint, payload: toJsonText(messages.payloadOf(alert)) });
  const idempotencyKey = `alert-${alert.alertId}-${deliveryId}`;
  const caller = { id: `alert-rule/${alert.ruleId}`, name: `alert rule ${alert.ruleId}` };
  const { executionId } = await restate.send(
    { object: workflowObjectName, key: workflowId, handler: "execute" },
    input,
    { idempotencyKey, headers: { ...callerHeaders(caller), ...acceptedHeaders() } },
  );
  return { executionId };
}
