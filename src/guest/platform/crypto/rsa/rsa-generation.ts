import { compute } from "../keys/compute.ts";
import type { RsaNumbers } from "../keys/crypto-key.ts";
import { bytesOfNumber, inverse, numberOf } from "../keys/numbers.ts";
import { randomKeyBytes } from "../../../core/random.ts";

/** A new key of RSA, from the execution's own random numbers: the same again in a replay. */
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

/** What is not divisible by one of these is worth a test by the host. */
const smallPrimes = primesBelow(10_000);

/** How far a prime is looked for behind a random number before another one is drawn. */
const reach = 20_000;

/** Both of its highest bits are set, so the product of two has as many bits as both together. */
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

/** Most fail in the first round. For random numbers of this size eight more leave a chance below 2^-100 (FIPS 186-5, table B.1). */
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
