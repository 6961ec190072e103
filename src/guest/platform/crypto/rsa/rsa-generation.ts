import { compute } from "../keys/compute.ts";
import type { RsaNumbers } from "../keys/crypto-key.ts";
import { bytesOfNumber, inverse, numberOf } from "../keys/numbers.ts";
import { randomKeyBytes } from "../../../core/random.ts";

/** A new RSA key from the execution's own random numbers, so that a replay generates the same key. */
export function generateRsaNumbers(bits: number, exponent: bigint): Required<RsaNumbers> {
  const half = Math.ceil(bits / 2);
  for (;;) {
    const [one, other] = [findPrime(half, exponent), findPrime(bits - half, exponent)];
    const [p, q] = one > other ? [one, other] : [other, one];
    const d = inverse(exponent, leastCommonMultiple(p - 1n, q - 1n));
    const qi = inverse(q, p);
    if (p === q || d === undefined || qi === undefined) continue;
    return {
      n: bytesOfNumber(p * q),
      e: bytesOfNumber(exponent),
      d: bytesOfNumber(d),
      p: bytesOfNumber(p),
      q: bytesOfNumber(q),
      dp: bytesOfNumber(d % (p - 1n)),
      dq: bytesOfNumber(d % (q - 1n)),
      qi: bytesOfNumber(qi),
    };
  }
}

/** Candidates that are divisible by one of these are not sent to the host for a test. */
const smallPrimes = primesBelow(10_000);

/** The distance from a random number within which a prime is searched for before another number is drawn. */
const reach = 20_000;

/** The two highest bits are set, so that the product of two such primes has the full number of bits. */
function findPrime(bits: number, exponent: bigint): bigint {
  for (;;) {
    const top = 3n << BigInt(bits - 2);
    const random = numberOf(randomKeyBytes(Math.ceil(bits / 8)));
    const start = (random & (top / 3n - 1n)) | top | 1n;
    const remainders = smallPrimes.map((prime) => Number(start % BigInt(prime)));
    for (let step = 0; step < reach; step += 2) {
      if (smallPrimes.some((prime, index) => ((remainders[index] as number) + step) % prime === 0)) continue;
      const candidate = start + BigInt(step);
      if (candidate >> BigInt(bits) !== 0n) break;
      if ((candidate - 1n) % exponent !== 0n && isPrime(candidate)) return candidate;
    }
  }
}

/**
 * Most candidates fail in the first round. For random numbers of this size, eight more rounds leave an error
 * probability below 2^-100 (FIPS 186-5, table B.1).
 */
function isPrime(candidate: bigint): boolean {
  const bytes = bytesOfNumber(candidate);
  return [1, 8].every((rounds) => compute("prime", { rounds }, bytes)[0] === 1);
}

function leastCommonMultiple(one: bigint, other: bigint): bigint {
  let [a, b] = [one, other];
  while (b !== 0n) [a, b] = [b, a % b];
  return (one / a) * other;
}

function primesBelow(limit: number): readonly number[] {
  const primes: number[] = [];
  for (let number = 3; number < limit; number += 2)
    if (!primes.some((prime) => number % prime === 0)) primes.push(number);
  return primes;
}
