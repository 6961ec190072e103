import { onTestFailed } from "vitest";

/** Says how to do it again, however a test fails, if only because it takes too long. */
export function printWhenFailed(command: string): void {
  onTestFailed(() => void process.stderr.write(`again: ${command}\n`));
}
