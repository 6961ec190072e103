import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { errorCatalogue } from "../src/domain/errors.ts";

test("docs/reference/errors.md lists every error of the catalogue once, with its status and whether it is retryable", async () => {
  const catalogued = Object.entries(errorCatalogue).map(([code, { status, retryable }]) =>
    lineOf({ code, status: String(status), retryable: retryable ? "yes" : "no" }),
  );
  const documented = rowsOf(await readDocument()).map(lineOf);
  expect(documented.toSorted()).toEqual(catalogued.toSorted());
});

test("docs/reference/errors.md states for every error what it means and what to do", async () => {
  const silent = rowsOf(await readDocument()).filter(
    ({ meaning, remedy }) => meaning === "" || remedy === "",
  );
  expect(silent).toEqual([]);
});

interface Row {
  readonly code: string;
  readonly status: string;
  readonly retryable: string;
  readonly meaning: string;
  readonly remedy: string;
}

async function readDocument(): Promise<string> {
  return await readFile(new URL("../docs/reference/errors.md", import.meta.url), "utf8");
}

/** The rows of the tables whose first cell is a code. */
function rowsOf(markdown: string): readonly Row[] {
  const rows = markdown.split("\n").filter((line) => /^\|\s*`/.test(line));
  return rows.map((line) => {
    const [, code = "", status = "", retryable = "", meaning = "", remedy = ""] = line
      .split("|")
      .map((cell) => cell.trim());
    return { code: code.replaceAll("`", ""), status, retryable, meaning, remedy };
  });
}

function lineOf({ code, status, retryable }: Pick<Row, "code" | "status" | "retryable">): string {
  return `${code}: ${status}, retryable: ${retryable}`;
}
