import { toHex } from "../../base/bytes.ts";
import { keystreamBytes } from "../../base/keystream.ts";

/**
 * The secret part of a callback's URL: the bytes from `32 * callback` of the keystream of the execution's seed. The guest's
 * `createCallback` derives the same bytes.
 *
 * @param seed 32 bytes
 * @returns 64 hexadecimal digits
 */
export function callbackSecret(seed: Uint8Array, callback: number): string {
  const start = callback * secretBytes;
  return toHex(keystreamBytes(seed, callbackPurpose, { start, end: start + secretBytes }));
}

const secretBytes = 32;
const callbackPurpose = 4;
