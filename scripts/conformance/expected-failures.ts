import { readFile } from "node:fs/promises";
import type { ComparedTest } from "./comparison.ts";

/** One reason why the sandbox does not pass what Node passes, and the tests that it is the reason of. */
interface ExpectedFailure {
  readonly reason: string;
  /** By file, or by directory with a final slash: names of subtests, in which `*` stands for any text. */
  readonly tests: Readonly<Record<string, readonly string[]>>;
}

export interface ExpectedFailures {
  includes(test: ComparedTest): boolean;
}

const listFile = new URL("./expected-failures.json", import.meta.url);

export async function readExpectedFailures(): Promise<ExpectedFailures> {
  const list = JSON.parse(await readFile(listFile, "utf8")) as readonly ExpectedFailure[];
  const entries = list.flatMap(({ tests }) =>
    Object.entries(tests).map(([path, names]) => ({ path, patterns: names.map(patternOf) })),
  );
  return {
    includes: ({ file, name }) =>
      entries.some(
        ({ path, patterns }) => isUnder(file, path) && patterns.some((pattern) => pattern.test(name)),
      ),
  };
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
