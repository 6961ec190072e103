import { onTestFailed } from "vitest";

/** Prints the command that repeats a failed test, even if the test timed out. */
export function printWhenFailed(command: string): void {
  onTestFailed(() => void process.stderr.write(`again: ${command}\n`));
}
