import { expect, test } from "vitest";
import { pausesOf } from "./pauses.ts";

const kill = { kind: "kill", part: "n1" };

test("a pause lasts from the disturbance to the next end, and the longest gap may come later", () => {
  const ends = [900, 1_200, 4_200, 4_300, 20_000];
  expect(pausesOf([{ ...kill, at: 1_000, until: 2_000 }], ends, 30_000)).toEqual([
    {
      kind: "kill",
      count: 1,
      next: { median: 200, max: 200 },
      longest: { median: 15_700, max: 15_700 },
    },
  ]);
});

test("the pauses of a kind have a median and a maximum", () => {
  const ends = [10, 1_030, 2_020, 9_000];
  const disturbances = [0, 1_000, 2_000].map((at) => ({ ...kill, at, until: at }));
  expect(pausesOf(disturbances, ends, 9_000)[0]?.next).toEqual({ median: 20, max: 30 });
});

test("without a further end, a pause lasts until the load ends", () => {
  expect(pausesOf([{ ...kill, at: 100, until: 200 }], [50], 1_000)[0]?.next.max).toBe(900);
});
