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

/** What a guest asks its host to compute. */
export interface ComputeRequest {
  readonly operation: string;
  /** JSON: an object. */
  readonly parameters: string;
  readonly inputs: readonly Uint8Array[];
}

/**
 * Computes what `compute` of `wit/runtime.wit` asks for.
 *
 * The same request has the same result and the same fuel in all releases that speak this protocol: executions under way
 * are replayed with them. So the libraries that compute are JavaScript, pinned, and the same ones in a browser.
 *
 * @param charge takes fuel from the guest; nothing is computed where it answers `false`
 * @returns `undefined` where there was too little fuel
 * @throws {ComputationError}
 */
export function compute(
  { operation, parameters, inputs }: ComputeRequest,
  charge: (fuel: number) => boolean,
): Uint8Array | undefined {
  const prepare = operations.get(operation);
  if (prepare === undefined) throw new ComputationError(`There is no operation ${operation.slice(0, 40)}`);
  const { fuel, run } = prepare(new Parameters(parameters), (index) => inputs[index] ?? noBytes);
  if (!charge(fuel)) return undefined;
  try {
    return run();
  } catch (error) {
    if (error instanceof ComputationError) throw error;
    if (isOfTheMachine(error)) throw error;
    // What a library says may change with its release.
    throw new ComputationError(`The inputs of ${operation} are invalid`);
  }
}

/** Memory or stack of the process that ended: not what the guest asked for is wrong. */
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
