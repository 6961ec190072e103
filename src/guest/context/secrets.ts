/**
 * `ctx.secrets`: a placeholder for each name, which the host replaces with the secret when a request leaves. The
 * secret itself never enters the sandbox. The host derives the same placeholders from the same seed
 * (`src/host/seed/secret-placeholder.ts`).
 */
import { callHost } from "../host/host-calls.ts";
import { encodeText } from "../core/encoding.ts";
import { randomSecretTag } from "../core/random.ts";
import type { WorkflowSecrets } from "@duranium/workflow";

const nameForm = /^[A-Z][A-Z0-9_]{0,63}$/;

const methods = Object.freeze({ hmacSha256 });

export const workflowSecrets = new Proxy(methods, {
  get: (target, name) => (isName(name) ? placeholderOf(name) : Reflect.get(target, name)),
  has: (target, name) => isName(name) || Reflect.has(target, name),
}) as unknown as WorkflowSecrets;

function isName(name: string | symbol): name is string {
  return typeof name === "string" && nameForm.test(name);
}

function placeholderOf(name: string): string {
  return `secret_${name}_${randomSecretTag()}`;
}

async function hmacSha256(name: string, data: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof name !== "string" || !nameForm.test(name)) {
    throw new TypeError(
      `${JSON.stringify(name) ?? typeof name} is no name of a secret: use capital letters, digits and "_"`,
    );
  }
  const bytes = typeof data === "string" ? encodeText(data) : data;
  if (!(bytes instanceof Uint8Array)) throw new TypeError("hmacSha256 signs a string or a Uint8Array");
  return (await callHost("hmac", { secret: name }, bytes).answer).body;
}
