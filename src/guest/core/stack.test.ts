import { expect, test } from "vitest";
import { authorFrames } from "./stack.ts";

test("SpiderMonkey's frames of the bundle are kept, and the runtime's are not", () => {
  const stack = [
    "deep@workflow.js:1:25",
    "inner@workflow.js:3:4",
    "async*@workflow.js:4:56",
    "run/<@duranium-runtime.js:9:36",
    "export_run@/build/sources/initializer.js:446:15",
    "",
  ].join("\n");
  expect(authorFrames(stack)).toBe(
    "at deep (workflow.js:1:25)\nat inner (workflow.js:3:4)\nat async (workflow.js:4:56)",
  );
});

test.each([
  ["run/<@workflow.js:1:2", "at run (workflow.js:1:2)"],
  ["run/</<@workflow.js:1:2", "at run (workflow.js:1:2)"],
  ["get total@workflow.js:1:2", "at get total (workflow.js:1:2)"],
  ["Promise.any*run@workflow.js:1:2", "at async run (workflow.js:1:2)"],
  ["    at Cart.total (workflow.js:12:7)", "at Cart.total (workflow.js:12:7)"],
  ["    at workflow.js:12:7", "at workflow.js:12:7"],
  ["@workflow.js:12:7", "at workflow.js:12:7"],
])("the frame %s is shown as %s", (frame, shown) => {
  expect(authorFrames(frame)).toBe(shown);
});

test.each([
  "Error: something",
  "f@other-workflow.js:1:2",
  "f@workflow.js line 3 > eval:1:1",
  "f@workflow.js:x:y",
  "f@workflow.js:99999999999:1",
  "@".repeat(70_000),
])("lines that are not frames of the bundle are left out", (line) => {
  expect(authorFrames(line)).toBe("");
});

test("a stack keeps its fifty innermost frames", () => {
  const stack = Array.from({ length: 60 }, (_, i) => `f${i}@workflow.js:1:${i + 1}`).join("\n");
  const frames = authorFrames(stack).split("\n");
  expect(frames).toHaveLength(50);
  expect(frames[0]).toBe("at f0 (workflow.js:1:1)");
});
