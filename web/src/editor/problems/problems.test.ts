import { describe, expect, test } from "vitest";
import { distinctProblems, placesOf, problemsOf, sortProblems, stillHolding } from "./problems.ts";

const draft = { files: { "workflow.ts": "a", "lib/tax.ts": "b" }, entry: "workflow.ts" };

function at(path: string, line: number, severity: "error" | "warning" = "error") {
  return { severity, message: `${path}:${line}`, source: "x", place: { path, line, column: 1 } } as const;
}

describe("problems", () => {
  test("a diagnostic of a deploy has its place, or none", () => {
    expect(
      problemsOf(
        [{ message: "no", file: "workflow.ts", line: 3, column: 7, hint: "do" }, { message: "nowhere" }],
        "deploy",
      ),
    ).toEqual([
      {
        severity: "error",
        message: "no",
        hint: "do",
        source: "deploy",
        place: { path: "workflow.ts", line: 3, column: 7 },
      },
      { severity: "error", message: "nowhere", source: "deploy" },
    ]);
  });

  test("a problem found by a deploy and a preview is listed once", () => {
    const [first, second] = [at("workflow.ts", 1), at("workflow.ts", 2)];
    const found = [first, second, { ...first, source: "preview" }];
    expect(distinctProblems(found).map(({ message }) => message)).toEqual(["workflow.ts:1", "workflow.ts:2"]);
  });

  test("a problem disappears when its file changes, or any file if it has no place", () => {
    const found = problemsOf(
      [{ message: "one", file: "workflow.ts" }, { message: "two", file: "lib/tax.ts" }, { message: "three" }],
      "deploy",
    );
    const messages = (now: typeof draft) => stillHolding(found, draft, now).map(({ message }) => message);
    expect(messages({ ...draft })).toEqual(["one", "two", "three"]);
    expect(messages({ ...draft, files: { ...draft.files, "lib/tax.ts": "c" } })).toEqual(["one"]);
    expect(stillHolding(found, undefined, draft)).toEqual([]);
  });

  test("problems are ordered by severity, file and line", () => {
    const sorted = sortProblems([at("b.ts", 1), at("a.ts", 10), at("a.ts", 1, "warning"), at("a.ts", 9)]);
    expect(sorted.map(({ message }) => message)).toEqual(["a.ts:9", "a.ts:10", "b.ts:1", "a.ts:1"]);
  });
});

test("frames of a failure are parsed as places in the author's files", () => {
  const stack =
    "at total (lib/tax.ts:12:7)\nat async run (workflow.ts:3:1)\nat workflow.ts:9:2\nnonsense\nat x (y)";
  expect(placesOf(stack)).toEqual([
    { path: "lib/tax.ts", line: 12, column: 7 },
    { path: "workflow.ts", line: 3, column: 1 },
    { path: "workflow.ts", line: 9, column: 2 },
  ]);
  expect(placesOf("")).toEqual([]);
});
