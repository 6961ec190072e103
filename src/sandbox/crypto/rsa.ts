import { invert, pow } from "@noble/curves/abstract/modular.js";
import { bytesToNumberBE, numberToBytesBE } from "@noble/curves/utils.js";
import { expand } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { ComputationError, fuelOf } from "./computation.ts";
import type { Inputs, Prepare } from "./computation.ts";

/**
 * The arithmetic of RSA, RFC 8017 section 5. Paddings, encodings of keys and random numbers are up to the
 * guest. Numbers are big-endian bytes.
 */

const maxModulusBytes = 2_048;

/** n, e, m → m^e mod n, as long as n. */
export const rsaPublic: Prepare = (_parameters, inputs) => {
  const n = modulusOf(inputs);
  const [e, m] = [inputs(1), inputs(2)];
  assertShort(e, m);
  return {
    fuel: powerFuel(n.length, e),
    run: () => numberToBytesBE(pow(numberOf(m) % numberOf(n), numberOf(e), numberOf(n)), n.length),
  };
};

/** n, e, d, p, q, dp, dq, qi, m → m^d mod n, as long as n. */
export const rsaPrivate: Prepare = (_parameters, inputs) => {
  const n = modulusOf(inputs);
  const [e, m] = [inputs(1), inputs(8)];
  for (let index = 1; index <= 8; index += 1) assertShort(inputs(index));
  const halves = [inputs(3), inputs(4)].map((prime, index) => powerFuel(prime.length, inputs(5 + index)));
  const fuel = 3 * powerFuel(n.length, e) + halves.reduce((sum, cost) => sum + cost, 0);
  return {
    fuel: fuel + fuelOf(n.length * 10),
    run() {
      const key = privateKeyOf(inputs);
      return numberToBytesBE(blinded(key, numberOf(m) % key.n), n.length);
    },
  };
};

/** `{rounds}`, n → a byte, 1 if n is a probable prime after that many rounds of Miller-Rabin, else 0. */
export const isPrime: Prepare = (parameters, inputs) => {
  const rounds = parameters.count("rounds", { min: 1, max: 64 });
  const n = modulusOf(inputs);
  return {
    // With a base this small, each step takes one multiplication instead of two.
    fuel: Math.ceil((rounds * 2 * powerFuel(n.length, n)) / 3),
    run: () => Uint8Array.of(isProbablePrime(numberOf(n), rounds) ? 1 : 0),
  };
};

interface PrivateKey {
  readonly n: bigint;
  readonly e: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dp: bigint;
  readonly dq: bigint;
  readonly qi: bigint;
  /** Known only to the holder of the key. */
  readonly secret: Uint8Array;
}

function privateKeyOf(inputs: Inputs): PrivateKey {
  const [n, e, p, q, dp, dq, qi] = [0, 1, 3, 4, 5, 6, 7].map((index) => numberOf(inputs(index)));
  if (!n || !e || !p || !q || p * q !== n) throw new ComputationError("The key of RSA is inconsistent");
  const secret = concatBytes(inputs(2), inputs(8));
  return { n, e, p, q, dp: dp ?? 0n, dq: dq ?? 0n, qi: qi ?? 0n, secret };
}

/**
 * Blinding: the base is multiplied by a number that only the holder of the key can know, and the result is
 * divided by its root, so that the duration reveals nothing about the key. The number follows from key and
 * message, so that a replay computes the same.
 */
function blinded(key: PrivateKey, m: bigint): bigint {
  const { n, e } = key;
  const factor = (numberOf(expand(sha256, sha256(key.secret), undefined, 32)) % (n - 1n)) + 1n;
  const root = powerByRemainders(key, (m * pow(factor, e, n)) % n);
  const result = (root * invert(factor, n)) % n;
  // A result with wrong exponents would reveal the primes to anyone who sees it.
  if (pow(result, e, n) !== m) throw new ComputationError("The key of RSA is inconsistent");
  return result;
}

/** Uses the Chinese remainder theorem, which takes a quarter of the work. */
function powerByRemainders({ p, q, dp, dq, qi }: PrivateKey, base: bigint): bigint {
  const byP = pow(base % p, dp, p);
  const byQ = pow(base % q, dq, q);
  const difference = (((byP - byQ) % p) + p) % p;
  return byQ + q * ((qi * difference) % p);
}

const witnesses = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n, 43n, 47n, 53n];

function isProbablePrime(n: bigint, rounds: number): boolean {
  if (n < 59n * 59n) throw new ComputationError("The number is too small to be tested");
  let odd = n - 1n;
  let twos = 0;
  for (; (odd & 1n) === 0n; odd >>= 1n) twos += 1;
  return witnesses.slice(0, rounds).every((witness) => passes(n, { witness, odd, twos }));
}

function passes(
  n: bigint,
  { witness, odd, twos }: { readonly witness: bigint; readonly odd: bigint; readonly twos: number },
): boolean {
  let power = 1n;
  for (const bit of odd.toString(2)) {
    power = (power * power) % n;
    if (bit === "1") power = (power * witness) % n;
  }
  if (power === 1n || power === n - 1n) return true;
  for (let i = 1; i < twos; i += 1) {
    power = (power * power) % n;
    if (power === n - 1n) return true;
  }
  return false;
}

function modulusOf(inputs: Inputs): Uint8Array {
  const n = inputs(0);
  if (n.length > 0 && n.length <= maxModulusBytes && ((n.at(-1) ?? 0) & 1) === 1) return n;
  throw new ComputationError(`A modulus is an odd number of at most ${maxModulusBytes} bytes`);
}

function assertShort(...numbers: readonly Uint8Array[]): void {
  if (numbers.every(({ length }) => length <= maxModulusBytes)) return;
  throw new ComputationError(`A number has at most ${maxModulusBytes} bytes`);
}

/**
 * Each bit of the exponent takes one or two multiplications, whose cost grows faster than the length and
 * slower than its square.
 */
function powerFuel(modulusBytes: number, exponent: Uint8Array): number {
  const multiplication = modulusBytes * Math.sqrt(modulusBytes) * 0.012;
  return fuelOf(exponent.length * (multiplication + 4) + modulusBytes / 4 + 20);
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : bytesToNumberBE(bytes);
}
