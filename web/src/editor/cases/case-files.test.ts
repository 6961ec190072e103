import { expect, test } from "vitest";
import { casesOf, whyNotCaseName, withCase } from "./case-files.ts";

const draft = { entry: "workflow.ts", files: { "workflow.ts": "", "tests/data.json": "{}" } };

test("a case is a recording in the folder tests, and other files there are none", () => {
  const saved = withCase(draft, " two items ", { format: "duranium-recording/1" });
  expect(casesOf(saved).map(({ name, path }) => [name, path])).toEqual([
    ["two items", "tests/two items.json"],
  ]);
  expect(casesOf(draft)).toEqual([]);
});

test.each([
  ["", "Enter a name."],
  ["../x", "Use letters"],
  ["data", "already exists"],
])("a case cannot be named %j", (name, why) => {
  expect(whyNotCaseName(name, draft)).toContain(why);
});
