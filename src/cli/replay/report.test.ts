import { expect, test } from "vitest";
import type { ReplayItem } from "../../replay/replay-item.ts";
import { parseFailOn } from "./fail-on.ts";
import { junitReport } from "./junit.ts";
import { itemLines, reportLines, summaryText } from "./report-text.ts";

const items: readonly ReplayItem[] = [
  { executionId: "inv_1", outcome: "same" },
  {
    executionId: "inv_2",
    outcome: "different",
    step: 1,
    expected: {
      name: "fetch POST http://a/charges",
      operation: "fetch",
      body: { sha256: "", bytes: 1, text: "10" },
    },
    actual: {
      name: "fetch POST http://a/charges",
      operation: "fetch",
      body: { sha256: "", bytes: 1, text: "<&\u0000" },
    },
    place: { file: "workflow.ts", line: 31, column: 5 },
  },
];

test("a report says what differs, where, and how many", () => {
  expect(summaryText(items)).toBe("1 same, 1 different call");
  expect(itemLines(items[1] as ReplayItem).slice(0, 2)).toEqual([
    "inv_2: different call, step 2 at workflow.ts:31",
    "before: fetch POST http://a/charges 10",
  ]);
});

test("executions that differ in the same way are one difference in a report", () => {
  const again = ["inv_3", "inv_4"].map((executionId) => ({ ...(items[1] as ReplayItem), executionId }));
  const other: ReplayItem = {
    executionId: "inv_5",
    outcome: "throws",
    failure: { name: "Error", message: "no" },
  };
  const lines = reportLines([...items, other, ...again], { style: (_, text) => text });
  expect(lines.filter((line) => line.startsWith("inv_"))).toEqual([
    "inv_2 and 2 more: different call, step 2 at workflow.ts:31",
    "inv_5: throws",
  ]);
  expect(lines).toHaveLength(5);
});

test("a report for JUnit is well-formed, whatever it contains", () => {
  const xml = junitReport(items, { suite: 'a"b', failing: parseFailOn("different") });
  expect(xml).toContain('<testsuites tests="2" failures="1">');
  expect(xml).toContain('classname="a&#34;b"');
  expect(xml).toContain("&#60;&#38;");
  expect(xml).not.toContain("\u0000");
});

test("outcomes that do not exist are refused", () => {
  expect([...parseFailOn(undefined)]).not.toContain("same");
  expect(() => parseFailOn("differs")).toThrow('Unknown outcome "differs"');
});
