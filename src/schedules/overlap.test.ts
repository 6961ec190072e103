import { expect, test } from "vitest";
import { decideOverlap } from "./overlap.ts";

const free = { running: 0, buffered: [], maxRunning: 3 };
const busy = { running: 1, buffered: [], maxRunning: 3 };

test.each([
  ["skip", free, [1, 2], { start: [1], buffered: [], skipped: [2], cancelsRunning: false }],
  ["skip", busy, [1], { start: [], buffered: [], skipped: [1], cancelsRunning: false }],
  ["buffer-one", free, [1, 2, 3], { start: [1], buffered: [2], skipped: [3], cancelsRunning: false }],
  [
    "buffer-one",
    { ...busy, buffered: [1] },
    [2],
    { start: [], buffered: [1], skipped: [2], cancelsRunning: false },
  ],
  [
    "buffer-all",
    { ...busy, buffered: [1] },
    [2, 3],
    { start: [], buffered: [1, 2, 3], skipped: [], cancelsRunning: false },
  ],
  ["cancel-running", free, [1], { start: [1], buffered: [], skipped: [], cancelsRunning: false }],
  [
    "cancel-running",
    { ...busy, buffered: [1] },
    [2],
    { start: [], buffered: [2], skipped: [1], cancelsRunning: true },
  ],
  ["cancel-running", busy, [], { start: [], buffered: [], skipped: [], cancelsRunning: false }],
  ["allow", busy, [1, 2], { start: [1, 2], buffered: [], skipped: [], cancelsRunning: false }],
  ["allow", busy, [1, 2, 3], { start: [1, 2], buffered: [], skipped: [3], cancelsRunning: false }],
] as const)("%s with %j in progress decides %j as %j", (policy, occupancy, instants, decision) => {
  expect(decideOverlap(policy, instants, occupancy)).toEqual(decision);
});

test("buffer-all buffers a bounded number of runs and skips the others", () => {
  const instants = Array.from({ length: 1_200 }, (_, index) => index);
  expect(decideOverlap("buffer-all", instants, busy).skipped).toHaveLength(200);
});
