import { timingSafeEqual } from "node:crypto";
import { fromHex, toHex } from "../../base/bytes.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { callbackSecret } from "../../host/seed/callback-secret.ts";
import type { KeyRing } from "../../stores/data-directory/key-ring.ts";

/**
 * The token of a callback: `<seal>.<execution id>.<number>.<secret>`. The guest derives the secret from the seed of its
 * execution, so it is the same on every replay, is stored nowhere, and cannot be guessed without the seed. The seal is the
 * seed encrypted with the master key, so a token is verified without a look-up, and none can be made from the seed alone.
 */
export interface CallbackToken {
  /** The ID of the master key, and the encrypted seed. */
  readonly seal: { readonly keyId: string; readonly bytes: Uint8Array };
  readonly executionId: ExecutionId;
  /** 0, 1, 2… in the order in which the execution created them. */
  readonly callback: number;
  /** 64 hexadecimal digits. */
  readonly secret: string;
}

/** `undefined` if the text is not a token. */
export function readToken(text: string): CallbackToken | undefined {
  const [match, keyId = "", box = "", executionId, callback, secret = ""] = tokenForm.exec(text) ?? [];
  if (match === undefined) return undefined;
  const seal = { keyId, bytes: Buffer.from(box, "base64url") };
  return { seal, executionId: executionId as ExecutionId, callback: Number(callback), secret };
}

/**
 * The prefix of all tokens of an execution.
 *
 * @param seed 64 hexadecimal digits
 */
export function sealSeed(keys: Pick<KeyRing, "seal">, executionId: ExecutionId, seed: string): string {
  const { keyId, bytes } = keys.seal(Buffer.from(fromHex(seed)).toString("base64"), aboutOf(executionId));
  return `${keyId}${Buffer.from(bytes).toString("base64url")}.`;
}

/**
 * Whether a token is genuine, by its seal. `unknown` if its master key was removed since: then the journal of its
 * execution has the seed.
 */
export function verifySeal(
  keys: Pick<KeyRing, "open" | "has">,
  token: CallbackToken,
): "genuine" | "forged" | "unknown" {
  const { seal, executionId } = token;
  if (!keys.has(seal.keyId)) return "unknown";
  try {
    const seed = Buffer.from(keys.open(seal, aboutOf(executionId)), "base64");
    return isGenuine(token, toHex(seed)) ? "genuine" : "forged";
  } catch {
    return "forged";
  }
}

function aboutOf(executionId: ExecutionId): string {
  return `callbacks/${executionId}`;
}

/**
 * Whether the token has the seal at the end of the prefix that its execution was given.
 *
 * @param callbackUrl as `sealSeed` made it, behind the public URL
 */
export function hasSealOf({ seal: { keyId, bytes } }: CallbackToken, callbackUrl: string): boolean {
  const given = Buffer.from(sealForm.exec(callbackUrl)?.[0] ?? "");
  const own = Buffer.from(`${keyId}${Buffer.from(bytes).toString("base64url")}.`);
  return given.length === own.length && timingSafeEqual(given, own);
}

/** A prefix of URLs with which no callback can be completed, of the same length. */
export function withoutSeal(callbackUrl: string): string {
  return callbackUrl.replace(sealForm, (seal) => `${"0".repeat(seal.length - 1)}.`);
}

const sealForm = /[0-9a-f]{8}[A-Za-z0-9_-]{40,160}\.$/;

/** @param seed of the token's execution, 64 hexadecimal digits */
export function isGenuine(
  { callback, secret }: Pick<CallbackToken, "callback" | "secret">,
  seed: string,
): boolean {
  return timingSafeEqual(fromHex(secret), fromHex(callbackSecret(fromHex(seed), callback)));
}

const tokenForm =
  /^([0-9a-f]{8})([A-Za-z0-9_-]{40,160})\.(inv_[A-Za-z0-9]{16,64})\.(0|[1-9]\d{0,5})\.([0-9a-f]{64})$/;
