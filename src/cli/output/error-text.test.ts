import { expect, test } from "vitest";
import { CliError } from "./cli-error.ts";
import { errorLines } from "./error-text.ts";

const plain = (_style: string, text: string) => text;

test("a compile error is printed once, with its position", () => {
  const error = new CliError('Cannot compile the workflow: Unexpected ";" (workflow.ts:1:41) and 1 more', {
    diagnostics: [
      { message: 'Unexpected ";"', file: "workflow.ts", line: 1, column: 41, lineText: "return 1 +;" },
      { message: "Unexpected end of file", file: "workflow.ts" },
    ],
  });
  const lines = errorLines(error, plain);
  expect(lines.filter((line) => line.includes('Unexpected ";"'))).toHaveLength(1);
  expect(lines.at(-1)).toBe("error: Cannot compile the workflow");
});

test("a message with more information than its diagnostics is printed", () => {
  const diagnostics = [{ message: "must be a string", file: "body" }];
  expect(errorLines(new CliError("The request was rejected", { diagnostics }), plain)).toContain(
    "error: The request was rejected",
  );
});
