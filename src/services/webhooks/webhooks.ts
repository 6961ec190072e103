import { createHash, randomBytes, randomUUID } from "node:crypto";
import type {
  ExecuteRequest,
  ExecutionService,
  WebhookService,
  NewWebhook,
  OpenWebhook,
} from "../../api/contract/services.ts";
import { toJsonText } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { Webhook } from "../../domain/webhook.ts";
import type { WebhookDeliveryStore } from "../../stores/webhook-deliveries.ts";
import type { WebhookStore } from "../../stores/webhooks.ts";
import { webhookReplayWindowMs, maxWebhooksPerWorkflow } from "./limits.ts";
import type { DeliveryLog } from "./delivery-log.ts";
import { invalidSecret, assertUsableSecret, signToken, verifySignature } from "./webhook-signature.ts";
import type { Delivery } from "./webhook-signature.ts";

export interface WebhookServiceOptions {
  readonly store: WebhookStore;
  readonly deliveries: Pick<WebhookDeliveryStore, "list">;
  readonly log: Pick<DeliveryLog, "add" | "flush">;
  readonly executions: Pick<ExecutionService, "execute">;
  /** Prefix of the URLs: `https://duranium.example/webhooks/`. */
  readonly webhookUrl: string;
}

/** Secret URLs that execute workflows. */
export function createWebhookService(options: WebhookServiceOptions): WebhookService {
  const { store, deliveries, log, webhookUrl } = options;
  return {
    list: async (workflowId) => await store.list(workflowId),
    async create(workflowId, { secret, ...asked }) {
      assertSecret(asked.scheme, secret);
      assertUsableSecret(asked.scheme, secret ?? "");
      assertCapacity(workflowId, (await store.list(workflowId)).length);
      const webhook: Webhook = { ...asked, id: randomUUID(), workflowId, createdAt: Date.now() };
      const token = newToken();
      await store.add(webhook, token, secret);
      return { ...webhook, url: `${webhookUrl}${token}` };
    },
    async rotate(workflowId, id) {
      const token = newToken();
      if (!(await store.replaceToken(workflowId, id, token))) throw notFound();
      return { url: `${webhookUrl}${token}` };
    },
    async remove(workflowId, id) {
      if (!(await store.remove(workflowId, id))) throw notFound();
    },
    async rename(workflowId, id, name) {
      const renamed = await store.rename(workflowId, id, name);
      if (renamed === undefined) throw notFound();
      return renamed;
    },
    async deliveries(workflowId, id, page) {
      const webhooks = await store.list(workflowId);
      if (!webhooks.some((webhook) => webhook.id === id)) throw notFound();
      await log.flush();
      return await deliveries.list(id, page);
    },
    async open(token) {
      const found = await store.find(token);
      if (found === undefined) throw notFound();
      return opened(options, found.webhook, found.secret ?? "");
    },
  };
}

/** A webhook whose token was found. */
function opened(
  { store, executions, log, webhookUrl }: WebhookServiceOptions,
  webhook: Webhook,
  secret: string,
): OpenWebhook {
  const { workflowId, entryPoint, scheme, payload } = webhook;
  return {
    scheme,
    payload,
    record: (delivery) => log.add({ webhookId: webhook.id, at: Date.now(), ...delivery }),
    signToken: (token, encoding) => signToken(secret, token, encoding),
    verify({ query, ...request }) {
      const url = `${webhookUrl}${request.token}${query}`;
      const delivery = verifySignature(scheme, secret, { ...request, url, now: Date.now() });
      return async (payload, signal) => {
        const start: ExecuteRequest = {
          workflowId,
          ...(entryPoint === undefined ? {} : { entryPoint }),
          payload: toJsonText(payload),
          caller: { id: webhook.id, name: `webhook of ${workflowId}` },
          ...(await idempotencyOf(store, webhook, delivery)),
        };
        return await executions.execute(start, signal);
      };
    },
  };
}

/** The key starts the execution at most once, even if this process dies before it learns that it started. */
async function idempotencyOf(store: WebhookStore, webhook: Webhook, { deliveryId, signature }: Delivery) {
  if (deliveryId !== undefined)
    return { idempotencyKey: keyOf(webhook, deliveryId), isSameByKey: true } as const;
  if (signature === undefined) return {};
  const window = { now: Date.now(), windowMs: webhookReplayWindowMs };
  const seenAt = await store.firstSeen(webhook.id, signature, window);
  return { idempotencyKey: keyOf(webhook, `${signature} ${seenAt}`), isSameByKey: true } as const;
}

/** 128 random bits. */
function newToken(): string {
  return randomBytes(16).toString("base64url");
}

function keyOf({ id }: Webhook, delivery: string): string {
  return `webhook-${id}-${createHash("sha256").update(delivery).digest("hex").slice(0, 32)}`;
}

function assertSecret(scheme: Webhook["scheme"], secret: NewWebhook["secret"]): void {
  if ((scheme === "none") === (secret === undefined)) return;
  const why =
    scheme === "none"
      ? "the scheme none takes no secret"
      : `the scheme ${scheme} needs the secret that the sender signs with`;
  throw invalidSecret(why);
}

function assertCapacity(workflowId: WorkflowId, count: number): void {
  if (count < maxWebhooksPerWorkflow) return;
  throw new DuraniumError(
    "invalid-request",
    `Cannot create the webhook: workflow "${workflowId}" has ${maxWebhooksPerWorkflow} webhooks, the maximum (maxWebhooksPerWorkflow)`,
  );
}

function notFound(): DuraniumError {
  return new DuraniumError("webhook-not-found", "Webhook not found");
}
