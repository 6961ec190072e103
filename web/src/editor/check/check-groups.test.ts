import { expect, test } from "vitest";
import { groupsOf, requestOf, subjectOf } from "./check-groups.ts";
import { differing, summaryText } from "./outcome-words.ts";

const call = (name: string) => ({ name, operation: "fetch" });
const place = { file: "workflow.ts", line: 31, column: 3 };

const different = (executionId: string, url: string) =>
  ({ executionId, outcome: "different", place, expected: call("fetch GET /a"), actual: call(url) }) as const;

test("a summary counts each outcome in words, without those that did not occur", () => {
  const none = { otherResult: 0, endsEarlier: 0, throws: 0, notComparable: 0 };
  const summary = { same: 47, different: 2, asksForMore: 1, ...none };
  expect(summaryText(summary)).toBe("47 same, 2 different, 1 asks for more");
  expect(differing(summary)).toBe(3);
  expect(summaryText({ ...summary, asksForMore: 3, throws: 1, endsEarlier: 2, notComparable: 1 })).toBe(
    "47 same, 2 different, 3 ask for more, 2 end earlier, 1 throws, 1 not comparable",
  );
});

test("executions that differ at the same line are one group, and those that are the same are in none", () => {
  const groups = groupsOf([
    { executionId: "1", outcome: "same" },
    { executionId: "2", outcome: "same", fuel: { before: 100, after: 150 } },
    { executionId: "3", outcome: "otherResult", differences: [{ path: "/total", before: 1, after: 2 }] },
    different("4", "fetch GET /b/4"),
    different("5", "fetch GET /b/5"),
  ]);
  expect(groups.map(({ items }) => items.map(({ executionId }) => executionId))).toEqual([
    ["4", "5"],
    ["3"],
    ["2"],
  ]);
  expect(groups.map(({ items: [first] }) => subjectOf(first))).toEqual([
    "GET /b/4",
    "/total",
    "50 % more fuel",
  ]);
});

test("a request has its arguments and its body as JSON", () => {
  const body = { sha256: "00", bytes: 12, text: '{"amount":12}' };
  expect(requestOf({ ...call("fetch POST /x"), arguments: { method: "POST" }, body })).toEqual({
    method: "POST",
    body: { amount: 12 },
  });
  expect(requestOf({ ...call("sleep"), arguments: 5 })).toBe(5);
});
