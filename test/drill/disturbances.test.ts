import { expect, test } from "vitest";
import { planOf } from "./disturbances.ts";

const disturbances = ["a", "a", "b", "c", "c"].map((kind, number) => ({
  kind,
  part: String(number),
  begin: async () => {},
  end: async () => {},
}));

function firstOf(seed: number, count: number) {
  return planOf(disturbances, seed).take(count).toArray();
}

test("every round disturbs each kind once", () => {
  const kinds = firstOf(1, 6).map(({ disturbance }) => disturbance.kind);
  expect([kinds.slice(0, 3).toSorted(), kinds.slice(3).toSorted()]).toEqual([
    ["a", "b", "c"],
    ["a", "b", "c"],
  ]);
});

test("the same seed gives the same disturbances at the same times, and another seed others", () => {
  expect(firstOf(1, 12)).toEqual(firstOf(1, 12));
  expect(firstOf(1, 12)).not.toEqual(firstOf(2, 12));
});
