import { expect, test } from "vitest";
import { xoshiro128 } from "./xoshiro128.ts";

test("a generator with the initial state 1, 2, 3, 4 gives the numbers of the definition", () => {
  const next = xoshiro128([1, 2, 3, 4]);
  const drawn = Array.from({ length: 6 }, next);
  expect(drawn).toEqual(referenceOf([1n, 2n, 3n, 4n], 6));
  expect(drawn.slice(0, 3)).toEqual([11520, 0, 5927040]);
});

test("a generator with large words gives the numbers of the definition", () => {
  const next = xoshiro128([0xffffffff, 0x80000001, 0xdeadbeef, 0x12345678]);
  expect(Array.from({ length: 100 }, next)).toEqual(
    referenceOf([0xffffffffn, 0x80000001n, 0xdeadbeefn, 0x12345678n], 100),
  );
});

/** A literal implementation of the definition, on integers that do not overflow. */
function referenceOf(state: [bigint, bigint, bigint, bigint], count: number): number[] {
  const mask = 0xffffffffn;
  const rotate = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
  return Array.from({ length: count }, () => {
    const result = (rotate((state[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (state[1] << 9n) & mask;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= t;
    state[3] = rotate(state[3], 11n);
    return Number(result);
  });
}
