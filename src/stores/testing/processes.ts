import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Runs modules from their source text, each in a separate process and all concurrently. `at` resolves a path in
 * `src/stores` to an import specifier. Resolves to their output parsed as JSON, and rejects if one fails.
 */
export async function runInProcesses<T>(
  count: number,
  sourceOf: (index: number, at: (path: string) => string) => string,
): Promise<T[]> {
  const sources = Array.from({ length: count }, (_, index) => sourceOf(index, specifierOf));
  const runs = sources.map((source) =>
    promisify(execFile)(process.execPath, ["--input-type=module", "--eval", source]),
  );
  const printed = await Promise.all(runs);
  return printed.map(({ stdout }) => JSON.parse(stdout) as T);
}

function specifierOf(path: string): string {
  return JSON.stringify(new URL(`../${path}`, import.meta.url).href);
}
