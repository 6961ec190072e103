import { timingSafeEqual } from "node:crypto";
import { fromHex } from "../domain/bytes.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { callbackSecret } from "../host/callback-secret.ts";

/**
 * The token of a callback: `<execution id>.<number>.<secret>`. The guest draws the secret from the seed of its
 * execution, so it is the same on every replay and needs to be kept nowhere; who does not know the seed cannot
 * guess it. The seed is in the execution's journal, where it is looked up when somebody posts.
 */
export interface CallbackToken {
  readonly executionId: ExecutionId;
  /** 0, 1, 2… in the order in which the execution created them. */
  readonly callback: number;
  /** 64 hexadecimal digits. */
  readonly secret: string;
}

/** `undefined` where the text has not the form of a token. */
export function readToken(text: string): CallbackToken | undefined {
  const [, executionId, callback, secret] = tokenForm.exec(text) ?? [];
  if (executionId === undefined || callback === undefined || secret === undefined) return undefined;
  return { executionId: executionId as ExecutionId, callback: Number(callback), secret };
}

/** @param seed of the token's execution, 64 hexadecimal digits */
export function isGenuine({ callback, secret }: CallbackToken, seed: string): boolean {
  return timingSafeEqual(fromHex(secret), fromHex(callbackSecret(fromHex(seed), callback)));
}

const tokenForm = /^(inv_[A-Za-z0-9]{16,64})\.(0|[1-9]\d{0,5})\.([0-9a-f]{64})$/;
