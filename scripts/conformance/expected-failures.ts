import { readFile } from "node:fs/promises";
import type { ComparedTest } from "./comparison.ts";

/** One reason why the sandbox fails tests that Node passes, and these tests. */
interface ExpectedFailure {
  readonly reason: string;
  /** Keyed by file, or by directory with a final slash: names of subtests, in which `*` matches any text. */
  readonly tests: Readonly<Record<string, readonly string[]>>;
}

export interface ExpectedFailures {
  includes(test: ComparedTest): boolean;
  reasonOf(test: ComparedTest): string | undefined;
}

const listFile = new URL("./expected-failures.json", import.meta.url);

export async function readExpectedFailures(): Promise<ExpectedFailures> {
  const list = JSON.parse(await readFile(listFile, "utf8")) as readonly ExpectedFailure[];
  const entries = list.flatMap(({ reason, tests }) =>
    Object.entries(tests).map(([path, names]) => ({ reason, path, patterns: names.map(patternOf) })),
  );
  const reasonOf = ({ file, name }: ComparedTest): string | undefined =>
    entries.find(
      ({ path, patterns }) => isUnder(file, path) && patterns.some((pattern) => pattern.test(name)),
    )?.reason;
  return { includes: (test) => reasonOf(test) !== undefined, reasonOf };
}

function isUnder(file: string, path: string): boolean {
  return path.endsWith("/") ? file.startsWith(path) : file === path || file.startsWith(`${path}?`);
}

function patternOf(name: string): RegExp {
  return new RegExp(
    `^${name
      .split("*")
      .map((part) => RegExp.escape(part))
      .join(".*")}$`,
    "s",
  );
}
