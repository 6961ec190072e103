import { expect, test } from "vitest";
import { parseExecutionId } from "../domain/ids.ts";
import { createStartedVersions } from "./started-versions.ts";

const id = (number: number) => parseExecutionId(`inv_${String(number).padStart(24, "0")}`);

test("only the versions of the executions that started last are known", () => {
  const versions = createStartedVersions(2);
  for (const number of [1, 2, 3]) versions.note(id(number), number * 10);
  expect([1, 2, 3, 4].map((number) => versions.versionOf(id(number)))).toEqual([
    undefined,
    20,
    30,
    undefined,
  ]);
});

test("an execution that is replayed repeatedly is kept once", () => {
  const versions = createStartedVersions(2);
  for (const number of [1, 2, 2, 2]) versions.note(id(number), number * 10);
  expect([1, 2].map((number) => versions.versionOf(id(number)))).toEqual([10, 20]);
});
