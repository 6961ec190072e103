import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Runs modules in processes of their own, all at once, each from its source text. `at` is a path in
 * `src/stores` as a specifier to import. Answers with what they print, as JSON; rejects where one fails.
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
