import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { pbkdf2 } from "@noble/hashes/pbkdf2.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { ComputationError, fuelOf } from "./computation.ts";
import type { Prepare } from "./computation.ts";
import { hashFuel, hashes } from "./hashes.ts";

/** Hashes, and the functions that are derived from them. */

const maxDerivedBytes = 1_048_576;
const maxIterations = 2 ** 31 - 1;

/** The maximum memory that a derivation takes on the host. */
const maxScryptBytes = 64 * 1_048_576;

/** `{hash}`, data → its digest. */
export const digest: Prepare = (parameters, inputs) => {
  const hash = parameters.choice("hash", hashes);
  const data = inputs(0);
  return { fuel: hashFuel(hash, data.length), run: () => hash.hash(data) };
};

/** `{hash}`, key, data → their HMAC. RFC 2104. */
export const authenticate: Prepare = (parameters, inputs) => {
  const hash = parameters.choice("hash", hashes);
  const [key, data] = [inputs(0), inputs(1)];
  const fuel = hashFuel(hash, key.length) + 2 * hashFuel(hash, data.length);
  return { fuel, run: () => hmac(hash.hash, key, data) };
};

/** `{hash, bytes}`, key, salt, info → bytes. RFC 5869. */
export const deriveByHkdf: Prepare = (parameters, inputs) => {
  const hash = parameters.choice("hash", hashes);
  const { outputLen } = hash.hash;
  const bytes = parameters.count("bytes", { max: 255 * outputLen });
  const [key, salt, info] = [inputs(0), inputs(1), inputs(2)];
  const blocks = Math.ceil(bytes / outputLen);
  const fuel =
    hashFuel(hash, key.length + salt.length) + blocks * 2 * hashFuel(hash, info.length + outputLen);
  return { fuel, run: () => (bytes === 0 ? new Uint8Array() : hkdf(hash.hash, key, salt, info, bytes)) };
};

/** `{hash, iterations, bytes}`, password, salt → bytes. RFC 8018. */
export const deriveByPbkdf2: Prepare = (parameters, inputs) => {
  const hash = parameters.choice("hash", hashes);
  const iterations = parameters.count("iterations", { min: 1, max: maxIterations });
  const bytes = parameters.count("bytes", { max: maxDerivedBytes });
  const [password, salt] = [inputs(0), inputs(1)];
  const blocks = Math.ceil(bytes / hash.hash.outputLen);
  const rounds = fuelOf(blocks * iterations * 2.2 * hash.blockMicroseconds + 5);
  const fuel = rounds + hashFuel(hash, password.length) + blocks * hashFuel(hash, salt.length);
  const options = { c: iterations, dkLen: bytes };
  return { fuel, run: () => (bytes === 0 ? new Uint8Array() : pbkdf2(hash.hash, password, salt, options)) };
};

/** `{cost, blockSize, parallelization, bytes}`, password, salt → bytes. RFC 7914. */
export const deriveByScrypt: Prepare = (parameters, inputs) => {
  const N = parameters.count("cost", { min: 2, max: 2 ** 24 });
  const r = parameters.count("blockSize", { min: 1, max: 2 ** 16 });
  const p = parameters.count("parallelization", { min: 1, max: 2 ** 16 });
  const bytes = parameters.count("bytes", { max: maxDerivedBytes });
  if ((N & (N - 1)) !== 0) throw new ComputationError("cost must be a power of two");
  const memoryBytes = 128 * r * (N + p + 1);
  if (memoryBytes > maxScryptBytes)
    throw new ComputationError(
      `scrypt would take ${memoryBytes} bytes of memory, and the limit is ${maxScryptBytes}`,
    );
  const [password, salt] = [inputs(0), inputs(1)];
  const fuel = fuelOf(N * r * p * 0.5 + (bytes + password.length + salt.length) / 32 + 20);
  const options = { N, r, p, dkLen: bytes };
  return { fuel, run: () => (bytes === 0 ? new Uint8Array() : scrypt(password, salt, options)) };
};
