import { beforeEach, describe, expect, test } from "vitest";
import { getRandomValues, random, randomUUID, seedRandom } from "./random.ts";

const seed = new Uint8Array(32).fill(7);

beforeEach(() => seedRandom(seed));

describe("randomness", () => {
  test("random numbers are the same with the same seed, and differ with another", () => {
    const first = [random(), random(), randomUUID(), ...getRandomValues(new Uint8Array(4))];
    seedRandom(seed);
    expect([random(), random(), randomUUID(), ...getRandomValues(new Uint8Array(4))]).toEqual(first);
    seedRandom(new Uint8Array(32).fill(8));
    expect(random()).not.toBe(first[0]);
  });

  test("random numbers of one kind do not depend on draws of another", () => {
    const first = [random(), randomUUID()];
    seedRandom(seed);
    getRandomValues(new Uint8Array(1000));
    expect([random(), randomUUID()]).toEqual(first);
  });

  test("a seed has 32 bytes", () => {
    expect(() => seedRandom(new Uint8Array(31))).toThrow("A seed has 32 bytes, not 31");
  });
});

describe("Math.random", () => {
  test("Math.random is in [0, 1) and uniformly distributed", () => {
    const drawn = Array.from({ length: 10_000 }, random);
    expect(drawn.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(new Set(drawn).size).toBe(drawn.length);
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  });

  test("Math.random has 53 random bits", () => {
    const units = Array.from({ length: 100 }, () => random() * 2 ** 53);
    expect(units.every(Number.isInteger)).toBe(true);
    expect(units.some((unit) => unit % 2 === 1)).toBe(true);
  });
});

describe("crypto.getRandomValues", () => {
  test("crypto.getRandomValues fills the part of a buffer that the array covers, and returns the array", () => {
    const buffer = new Uint8Array(16);
    const view = new Uint16Array(buffer.buffer, 4, 4);
    expect(getRandomValues(view)).toBe(view);
    expect([...buffer.slice(0, 4), ...buffer.slice(12)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(view.some((value) => value !== 0)).toBe(true);
  });

  test.each([
    ["an array of floats", new Float64Array(2)],
    ["a DataView", new DataView(new ArrayBuffer(2))],
  ])("crypto.getRandomValues refuses %s", (_, view) => {
    expect(() => getRandomValues(view)).toThrow(expect.objectContaining({ name: "TypeMismatchError" }));
  });

  test("crypto.getRandomValues accepts 65536 bytes and refuses one more", () => {
    expect(getRandomValues(new Uint8Array(65_536)).some((byte) => byte !== 0)).toBe(true);
    expect(() => getRandomValues(new Uint8Array(65_537))).toThrow(
      expect.objectContaining({ name: "QuotaExceededError", quota: null, requested: null }),
    );
  });
});

test("crypto.randomUUID has version 4 and variant 1", () => {
  for (let i = 0; i < 100; i += 1) {
    expect(randomUUID()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
