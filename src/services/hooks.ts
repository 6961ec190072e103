import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { ExecutionService, HookRequest, HookService, NewHook } from "../api/services.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { Hook } from "../domain/hook.ts";
import type { WorkflowId } from "../domain/ids.ts";
import type { JsonValue } from "../domain/json.ts";
import { maxHooksPerWorkflow } from "../domain/limits.ts";
import type { HookStore } from "../stores/hooks.ts";
import { requireUsableSecret, verifySignature } from "./hook-signature.ts";

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
    async execute(token, request) {
      const found = store.find(token);
      if (found === undefined) throw notFound();
      const { hook, secret = "" } = found;
      const { messageId } = verifySignature(hook.scheme, secret, { ...request, now: Date.now() });
      const { workflowId, entryPoint } = hook;
      return await executions.execute({
        workflowId,
        ...(entryPoint === undefined ? {} : { entryPoint }),
        payload: payloadOf(hook, request),
        caller: { id: hook.id, name: `hook of ${workflowId}` },
        ...(messageId === undefined ? {} : { idempotencyKey: keyOf(hook, messageId), isSameByKey: true }),
      });
    },
  };
}

/** 128 random bits. */
function newToken(): string {
  return randomBytes(16).toString("base64url");
}

function keyOf({ id }: Hook, messageId: string): string {
  return `hook-${id}-${createHash("sha256").update(messageId).digest("hex").slice(0, 32)}`;
}

function payloadOf({ payload }: Hook, { headers, query, body }: HookRequest): JsonValue {
  return payload === "body" ? body : { headers, query, body };
}

function requireSecret(scheme: Hook["scheme"], secret: NewHook["secret"]): void {
  if ((scheme === "none") === (secret === undefined)) return;
  throw new DuraniumError(
    "invalid-request",
    scheme === "none"
      ? "Cannot create the hook: a secret is for a scheme that signs"
      : `Cannot create the hook: the scheme ${scheme} needs the secret that the sender signs with`,
  );
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
