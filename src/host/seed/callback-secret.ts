import { toHex } from "../../base/bytes.ts";
import { keystreamBytes } from "../../base/keystream.ts";

/**
 * What nobody can guess of a callback's address: the bytes from `32 * callback` on of the keystream under the seed of
 * its execution, as `createCallback` of the guest draws them.
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
