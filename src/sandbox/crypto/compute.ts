import { aesCbc, aesCtr, aesEcb, aesGcm, aesKw } from "./aes.ts";
import { ComputationError, Parameters } from "./computation.ts";
import type { Prepare } from "./computation.ts";
import {
  ecPoint,
  ecPublic,
  ecdh,
  ecdsaSign,
  ecdsaVerify,
  edPublic,
  edSign,
  edVerify,
  xShared,
} from "./curves.ts";
import { deriveByHkdf, deriveByPbkdf2, deriveByScrypt, authenticate, digest } from "./digests.ts";
import { isPrime, rsaPrivate, rsaPublic } from "./rsa.ts";

/** A guest's request to its host. */
export interface ComputeRequest {
  readonly operation: string;
  /** A JSON object. */
  readonly parameters: string;
  readonly inputs: readonly Uint8Array[];
}

/**
 * Computes what `compute` of `wit/runtime.wit` requests.
 *
 * The same request has the same result and the same fuel in all releases that support this protocol, because
 * executions in flight are replayed with them. The libraries are therefore JavaScript, pinned, and the same
 * in a browser.
 *
 * @param charge charges fuel to the guest; nothing is computed if it returns `false`
 * @returns `undefined` if too little fuel was left
 * @throws {ComputationError}
 */
export function compute(
  { operation, parameters, inputs }: ComputeRequest,
  charge: (fuel: number) => boolean,
): Uint8Array | undefined {
  const prepare = operations.get(operation);
  if (prepare === undefined) throw new ComputationError(`Unknown operation ${operation.slice(0, 40)}`);
  const { fuel, run } = prepare(new Parameters(parameters), (index) => inputs[index] ?? noBytes);
  if (!charge(fuel)) return undefined;
  try {
    return run();
  } catch (error) {
    if (error instanceof ComputationError) throw error;
    if (isOfTheMachine(error)) throw error;
    // The library's message may change with its version.
    throw new ComputationError(`The inputs of ${operation} are invalid`);
  }
}

/** True if the process ran out of memory or stack: the request is not at fault. */
function isOfTheMachine(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed|call stack/i.test(error.message);
}

export type Compute = typeof compute;

const noBytes = new Uint8Array();

const operations: ReadonlyMap<string, Prepare> = new Map([
  ["digest", digest],
  ["hmac", authenticate],
  ["hkdf", deriveByHkdf],
  ["pbkdf2", deriveByPbkdf2],
  ["scrypt", deriveByScrypt],
  ["aes-cbc", aesCbc],
  ["aes-ecb", aesEcb],
  ["aes-ctr", aesCtr],
  ["aes-gcm", aesGcm],
  ["aes-kw", aesKw],
  ["rsa-public", rsaPublic],
  ["rsa-private", rsaPrivate],
  ["prime", isPrime],
  ["ec-public", ecPublic],
  ["ec-point", ecPoint],
  ["ecdsa-sign", ecdsaSign],
  ["ecdsa-verify", ecdsaVerify],
  ["ecdh", ecdh],
  ["ed-public", edPublic],
  ["ed-sign", edSign],
  ["ed-verify", edVerify],
  ["x-shared", xShared],
]);
