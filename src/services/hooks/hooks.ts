import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { ExecutionService, HookService, NewHook, OpenHook } from "../../api/contract/services.ts";
import { toJsonText } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { Hook } from "../../domain/hook.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import { hookReplayWindowMs, maxHooksPerWorkflow } from "../../domain/limits.ts";
import type { HookStore } from "../../stores/hooks.ts";
import { invalidSecret, requireUsableSecret, signToken, verifySignature } from "./hook-signature.ts";
import type { Delivery } from "./hook-signature.ts";

export interface HookServiceOptions {
  readonly store: HookStore;
  readonly executions: Pick<ExecutionService, "execute">;
  /** What addresses begin with: `https://duranium.example/hooks/`. */
  readonly hookUrl: string;
}

/** Secret addresses that execute workflows. */
export function createHookService({ store, executions, hookUrl }: HookServiceOptions): HookService {
  const addressOf = (token: string) => `${hookUrl}${token}`;
  return {
    list: async (workflowId) => store.list(workflowId),
    async create(workflowId, { secret, ...asked }) {
      requireSecret(asked.scheme, secret);
      requireUsableSecret(asked.scheme, secret ?? "");
      requireRoom(workflowId, store.list(workflowId).length);
      const hook: Hook = { ...asked, id: randomUUID(), workflowId, createdAt: Date.now() };
      const token = newToken();
      store.add(hook, token, secret);
      return { ...hook, url: addressOf(token) };
    },
    async rotate(workflowId, id) {
      const token = newToken();
      if (!store.replaceToken(workflowId, id, token)) throw notFound();
      return { url: addressOf(token) };
    },
    async remove(workflowId, id) {
      if (!store.remove(workflowId, id)) throw notFound();
    },
    async open(token) {
      const found = store.find(token);
      if (found === undefined) throw notFound();
      return opened(found.hook, found.secret ?? "");
    },
  };

  function opened(hook: Hook, secret: string): OpenHook {
    const { workflowId, entryPoint, scheme, payload } = hook;
    return {
      scheme,
      payload,
      signToken: (token, encoding) => signToken(secret, token, encoding),
      verify({ query, ...request }) {
        const url = `${addressOf(request.token)}${query}`;
        const delivery = verifySignature(scheme, secret, { ...request, url, now: Date.now() });
        return async (payload) =>
          await executions.execute({
            workflowId,
            ...(entryPoint === undefined ? {} : { entryPoint }),
            payload: toJsonText(payload),
            caller: { id: hook.id, name: `hook of ${workflowId}` },
            ...idempotencyOf(hook, delivery),
          });
      },
    };
  }

  /** The execution is begun at most once under the key, also where this process dies before it knows. */
  function idempotencyOf(hook: Hook, { deliveryId, signature }: Delivery) {
    if (deliveryId !== undefined)
      return { idempotencyKey: keyOf(hook, deliveryId), isSameByKey: true } as const;
    if (signature === undefined) return {};
    const window = { now: Date.now(), windowMs: hookReplayWindowMs };
    const seenAt = store.firstSeen(hook.id, signature, window);
    return { idempotencyKey: keyOf(hook, `${signature} ${seenAt}`), isSameByKey: true } as const;
  }
}

/** 128 random bits. */
function newToken(): string {
  return randomBytes(16).toString("base64url");
}

function keyOf({ id }: Hook, delivery: string): string {
  return `hook-${id}-${createHash("sha256").update(delivery).digest("hex").slice(0, 32)}`;
}

function requireSecret(scheme: Hook["scheme"], secret: NewHook["secret"]): void {
  if ((scheme === "none") === (secret === undefined)) return;
  const why =
    scheme === "none"
      ? "a secret is for a scheme that signs"
      : `the scheme ${scheme} needs the secret that the sender signs with`;
  throw invalidSecret(why);
}

function requireRoom(workflowId: WorkflowId, count: number): void {
  if (count < maxHooksPerWorkflow) return;
  throw new DuraniumError(
    "invalid-request",
    `Cannot create the hook: workflow "${workflowId}" has ${maxHooksPerWorkflow} already (maxHooksPerWorkflow)`,
  );
}

function notFound(): DuraniumError {
  return new DuraniumError("hook-not-found", "There is no such hook");
}
