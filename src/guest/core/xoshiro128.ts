/**
 * xoshiro128** 1.1, by its definition at https://prng.di.unimi.it/xoshiro128starstar.c: a generator of 32-bit
 * numbers that is fast in an interpreter. Its output can be predicted from earlier output, so it must not be used
 * for secrets.
 *
 * @param seed four words, not all zero
 * @returns a function that draws the next number, unsigned
 */
export function xoshiro128(seed: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = seed;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result >>> 0;
  };
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
