import { expect, test } from "vitest";
import { isRepeats, repeatsText, shownWhileCollapsed, withRepeats } from "./repeats.ts";
import type { TimelineStep } from "./step.ts";

const step = (name: string, index: number, outcome: TimelineStep["outcome"] = "succeeded"): TimelineStep => ({
  name,
  index,
  operation: name.split(" ", 1)[0] ?? "",
  outcome,
});

function linesOf(names: readonly string[]): readonly string[] {
  const lines = withRepeats(names.map((name, index) => step(name, index)));
  return lines.map((line) => (isRepeats(line) ? repeatsText(line) : line.name));
}

const times = (count: number, ...names: readonly string[]) =>
  Array.from({ length: count }, () => names).flat();

test("a repeated step is grouped into one row", () => {
  const get = "fetch GET https://shop.example/items";
  expect(linesOf(["sleep", ...times(200, get), "sleep"])).toEqual([
    "sleep",
    "200 × GET shop.example/items",
    "sleep",
  ]);
  expect(linesOf(times(4, get))).toEqual(times(4, get));
});

test("steps that differ only in numbers and UUIDs of their paths are grouped", () => {
  const ids = ["1", "22", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "4", "5"];
  expect(linesOf(ids.map((id) => `fetch GET https://shop.example/items/${id}/price`))).toEqual([
    "5 × GET shop.example/items/…/price",
  ]);
  expect(linesOf(["a", "b", "c", "d", "e"].map((id) => `fetch GET https://shop.example/${id}`))).toHaveLength(
    5,
  );
});

test("the rounds of a loop are grouped, and an incomplete round follows", () => {
  expect(linesOf(times(60, "fetch GET https://a.example/", "sleep").slice(0, -1))).toEqual([
    "59 × GET a.example/, sleep",
    "fetch GET https://a.example/",
  ]);
  expect(linesOf(times(5, "call a", "call b", "sleep", "timer"))).toEqual([
    "5 × call a, call b, sleep, timer",
  ]);
});

test("failed and pending steps are counted, and the last of them are shown", () => {
  const steps = Array.from({ length: 100 }, (_, index) =>
    step("sleep", index, index % 2 === 0 ? "succeeded" : "failed"),
  );
  const [line] = withRepeats([...steps, step("sleep", 100, "pending")]);
  if (line === undefined || !isRepeats(line)) throw new Error("not collapsed");
  expect(repeatsText(line)).toBe("101 × sleep, 50 failed, 1 pending");
  expect(
    shownWhileCollapsed(line)
      .map(({ index }) => index)
      .slice(-3),
  ).toEqual([97, 99, 100]);
  expect(shownWhileCollapsed(line)).toHaveLength(20);
});
