import { createCipheriv, timingSafeEqual } from "node:crypto";
import type { ExecutionId } from "../domain/ids.ts";

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
  return timingSafeEqual(Buffer.from(secret, "hex"), secretOf(Buffer.from(seed, "hex"), callback));
}

const tokenForm = /^(inv_[A-Za-z0-9]{16,64})\.(0|[1-9]\d{0,5})\.([0-9a-f]{64})$/;

const secretBytes = 32;
const blockBytes = 64;
/** As `createCallback` of the guest has it. */
const callbackPurpose = 4;

/** The bytes from `32 * callback` on of the ChaCha20 keystream (RFC 8439) under the seed. */
function secretOf(seed: Uint8Array, callback: number): Uint8Array {
  const offset = callback * secretBytes;
  const counterAndNonce = Buffer.alloc(16);
  counterAndNonce.writeUInt32LE(Math.floor(offset / blockBytes), 0);
  counterAndNonce.writeUInt32LE(callbackPurpose, 12);
  const block = createCipheriv("chacha20", seed, counterAndNonce).update(Buffer.alloc(blockBytes));
  return block.subarray(offset % blockBytes, (offset % blockBytes) + secretBytes);
}
