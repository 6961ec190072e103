import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { createGuestRunner } from "./guest-runner.ts";

/** The rows of the tables in `docs/reference/sandbox.md`: a name, an expression, and what it comes to. */
type Row = readonly [name: string, expression: string, result: string];

const document = await readFile(new URL("../../docs/reference/sandbox.md", import.meta.url), "utf8");
const rows: readonly Row[] = [...document.matchAll(/^\| (.+?) +\| `(.+?)` +\| `(.+?)` +\|/gm)].map(
  ([, name = "", expression = "", result = ""]) => [name, expression.replaceAll(String.raw`\|`, "|"), result],
);

let play: Awaited<ReturnType<typeof createGuestRunner>>;
beforeAll(async () => {
  play = await createGuestRunner();
});

describe("the table in docs/reference/sandbox.md", () => {
  test("the table in docs/reference/sandbox.md is found", () => {
    expect(rows.length).toBeGreaterThan(40);
  });

  test.each(rows)("the table in docs/reference/sandbox.md is right about %s: %s", (_, expression, result) => {
    const { result: value, failure } = play(
      `export async function run(ctx) { return await (${expression}); }`,
    );
    const shown = failure === undefined ? JSON.stringify(value) : failure.name;
    expect(shown).toBe(result);
  });
});
