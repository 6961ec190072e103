import { expect, test } from "vitest";
import type { TimelineStep } from "../../components/step.ts";
import { createStepping } from "./stepping.ts";
import type { Recording } from "./stepping.ts";

const names = ["fetch GET https://a/1", "fetch GET https://a/2", "sleep", "fetch POST https://b/"];
const steps = [...names, "grace period"].map((name, place): TimelineStep => {
  const operation = name.split(" ", 1)[0] ?? "";
  return { index: 2 + 2 * place, name, operation, outcome: "succeeded" };
});
const at = (line: number, turn: number) => ({
  turn,
  stack: [{ function: "load", file: "items.ts", line, column: 3 }],
});

const recording = {
  calls: names.map((name, number) => ({
    name,
    operation: name,
    ...[at(4, 0), at(4, 0), at(9, 0), at(12, 2)][number],
  })),
  deliveries: [1, null, 0, 2, 3],
  logs: [{ number: 0, level: "info", line: ["hello"], turn: 1 }],
} as unknown as Recording;

const stepping = createStepping(recording, steps);
const [first, second, sleep, last, grace] = steps as [
  TimelineStep,
  TimelineStep,
  TimelineStep,
  TimelineStep,
  TimelineStep,
];

test("each step of the workflow has its call, and a step of the driver has none", () => {
  expect(stepping.callOf(last)?.name).toBe("fetch POST https://b/");
  expect(stepping.callOf(grace)).toBeUndefined();
  expect(stepping.stackOf(sleep)[0]?.line).toBe(9);
});

test("parallel steps are outstanding until their results are delivered", () => {
  expect(stepping.outstandingAt(first)).toEqual([second, sleep]);
  expect(stepping.outstandingAt(last)).toEqual([first, sleep]);
});

test("a line knows the steps that were made at it", () => {
  expect(stepping.stepsAt("items.ts", 4)).toEqual([first, second]);
  expect(stepping.stepsAt("workflow.ts", 4)).toEqual([]);
  expect(stepping.turnOfLine(0)).toBe(1);
});
