import { describe, expect, test } from "vitest";
import { median, percentile, summarise } from "./statistics.ts";

describe("the statistics of the benches", () => {
  test("the median is the middle value, or the mean of the two in the middle", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
  });

  test("values are ordered as numbers, not as text", () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  test("a percentile is a value that occurred, and of few values the largest", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile([3, 1, 2], 0.99)).toBe(3);
  });

  test("a summary keeps the rounds in the order in which they were taken", () => {
    expect(summarise([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, rounds: [3, 1, 2] });
  });
});
