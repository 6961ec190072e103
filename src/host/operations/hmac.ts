import { z } from "zod";
import type { TimedOutcome } from "../../domain/outcome.ts";
import { maxHmacBytes } from "../limits.ts";
import type { SecretSource } from "../secrets/secrets.ts";
import { secretNameForm } from "../seed/secret-placeholder.ts";
import { decodeOutcome, encodeOutcome } from "./journaled-outcome.ts";
import { defineOperation } from "./operation.ts";
import type { Operation } from "./operation.ts";

/**
 * `ctx.secrets.hmacSha256`: signs with a secret that the guest never receives. Arguments: `{secret}`, with the data as the
 * body. Value: `null`, with the 32 bytes of the signature (RFC 2104) as the body.
 *
 * @param clock milliseconds since the Unix epoch
 */
export function createHmacOperation(secrets: SecretSource, clock: () => number): Operation {
  async function sign(workflowId: string, name: string, data: Uint8Array): Promise<TimedOutcome> {
    const secret = await secrets.find(workflowId, name);
    if (secret === undefined) {
      const message = `Cannot sign: workflow "${workflowId}" has no secret ${name}`;
      return { ok: false, now: clock(), error: { name: "TypeError", message, code: "secret-refused" } };
    }
    if (!("subtle" in crypto)) {
      const message = "Cannot sign: browsers allow it only on pages loaded over HTTPS or from localhost";
      return { ok: false, now: clock(), error: { name: "TypeError", message, code: "secret-refused" } };
    }
    const body = await hmacSha256(secret.value, data);
    return { ok: true, now: clock(), value: null, body };
  }

  return defineOperation({
    name: "hmac",
    isEffect: false,
    arguments: z.strictObject({ secret: z.string().regex(secretNameForm) }),
    bodyLimit: () => ({ maxHmacBytes }),
    start: (journal, { arguments: { secret }, body, execution: { workflowId } }) =>
      journal
        .run(`sign with ${secret}`, async () => encodeOutcome(await sign(workflowId, secret, body)))
        .map(decodeOutcome),
  });
}

async function hmacSha256(secret: string, data: Uint8Array): Promise<Uint8Array> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, [
    "sign",
  ]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, Uint8Array.from(data)));
}
