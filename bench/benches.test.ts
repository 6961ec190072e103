import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { benches } from "./benches.ts";

test("README.md states what each bench measures", async () => {
  const readme = await readFile(new URL("./README.md", import.meta.url), "utf8");
  const described = Array.from(readme.matchAll(/^\| `([a-z-]+)`/gm), ([, name]) => name ?? "");
  expect(described.toSorted()).toEqual(benches.map(({ name }) => name).toSorted());
});
