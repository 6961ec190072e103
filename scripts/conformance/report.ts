import { readFile, writeFile } from "node:fs/promises";
import { countDirectory, isShortfall } from "./comparison.ts";
import type { ComparedTest, DirectoryCount } from "./comparison.ts";
import type { ExpectedFailures } from "./expected-failures.ts";

export type Suite = "web-platform-tests" | "test262";

export interface Report {
  /** Tests that Node passes and the sandbox does not, with or without a listed reason. */
  readonly shortfalls: readonly ComparedTest[];
  /** True if an earlier run that this one continues has counted the directory. */
  has(directory: string): boolean;
  add(suite: Suite, directory: string, tests: readonly ComparedTest[]): Promise<void>;
  countsOf(suite: Suite): readonly DirectoryCount[];
}

/** The stored result of one directory. */
interface CountedDirectory {
  readonly suite: Suite;
  readonly directory: string;
  readonly tests: number;
  readonly node: number;
  readonly sandbox: number;
  readonly shortfalls: readonly ComparedTest[];
}

export interface ReportOptions {
  /** Path of the JSON file that is written after each directory. */
  readonly file: string | undefined;
  /** True if directories that the file contains are kept and not run again. */
  readonly isContinued: boolean;
  readonly expected: ExpectedFailures;
}

export async function createReport({ file, isContinued, expected }: ReportOptions): Promise<Report> {
  const directories = new Map<string, CountedDirectory>();
  if (isContinued && file !== undefined)
    for (const counted of await readDirectories(file)) directories.set(counted.directory, counted);
  return {
    get shortfalls() {
      return [...directories.values()].flatMap(({ shortfalls }) => shortfalls);
    },
    has: (directory) => directories.has(directory),
    async add(suite, directory, tests) {
      const { node, sandbox } = countDirectory(directory, tests, () => false);
      const shortfalls = tests.filter(isShortfall);
      directories.set(directory, { suite, directory, tests: tests.length, node, sandbox, shortfalls });
      if (file !== undefined)
        await writeFile(file, `${JSON.stringify([...directories.values()], null, 1)}\n`);
    },
    countsOf: (suite) =>
      [...directories.values()]
        .filter((counted) => counted.suite === suite)
        .map(({ shortfalls, ...counted }) => {
          const listed = shortfalls.filter((test) => expected.includes(test)).length;
          return { ...counted, expected: listed, unexpected: shortfalls.length - listed };
        }),
  };
}

async function readDirectories(file: string): Promise<readonly CountedDirectory[]> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as readonly CountedDirectory[];
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
