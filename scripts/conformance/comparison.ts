import { statuses } from "./program.ts";
import type { Outcome, SubtestResult } from "./program.ts";

/** The results of one test in both engines. */
export interface ComparedTest {
  /** Program id. */
  readonly file: string;
  /** Name of the subtest. Empty if the file is a single test. */
  readonly name: string;
  readonly isPassedByNode: boolean;
  readonly isPassedBySandbox: boolean;
  /** The sandbox's message about the failure. */
  readonly message: string;
}

/** Pairs the results of both engines for one file. A test that only one engine reports has failed in the other. */
export function compareOutcomes(file: string, node: Outcome, sandbox: Outcome): readonly ComparedTest[] {
  const nodeResults = resultsByName(node.results);
  const sandboxResults = resultsByName(sandbox.results);
  const names = new Set([...nodeResults.keys(), ...sandboxResults.keys()]);
  return [...names].map((name) => {
    const result = sandboxResults.get(name);
    return {
      file,
      name,
      isPassedByNode: nodeResults.get(name)?.status === statuses.pass,
      isPassedBySandbox: result?.status === statuses.pass,
      message: result?.message ?? endMessage(sandbox),
    };
  });
}

/** Some suites use a name more than once. Repeated names are numbered. */
function resultsByName(results: readonly SubtestResult[]): ReadonlyMap<string, SubtestResult> {
  const byName = new Map<string, SubtestResult>();
  for (const result of results) {
    if (result.status === statuses.unsupported || result.status < 0) continue;
    let name = result.name;
    for (let count = 2; byName.has(name); count += 1) name = `${result.name} (${count})`;
    byName.set(name, result);
  }
  return byName;
}

function endMessage({ end: { kind, errorName = "", message = "" } }: Outcome): string {
  return `not reported: the program ended as ${kind} ${errorName} ${message}`.trim();
}

/** Counts of one directory. */
export interface DirectoryCount {
  readonly directory: string;
  readonly tests: number;
  readonly node: number;
  readonly sandbox: number;
  /** Tests that Node passes and the sandbox does not, for a listed reason. */
  readonly expected: number;
  /** Tests that Node passes and the sandbox does not, without a listed reason. */
  readonly unexpected: number;
}

export function countDirectory(
  directory: string,
  tests: readonly ComparedTest[],
  isExpected: (test: ComparedTest) => boolean,
): DirectoryCount {
  const short = tests.filter(isShortfall);
  const expected = short.filter(isExpected).length;
  return {
    directory,
    tests: tests.length,
    node: tests.filter(({ isPassedByNode }) => isPassedByNode).length,
    sandbox: tests.filter(({ isPassedBySandbox }) => isPassedBySandbox).length,
    expected,
    unexpected: short.length - expected,
  };
}

export function isShortfall({ isPassedByNode, isPassedBySandbox }: ComparedTest): boolean {
  return isPassedByNode && !isPassedBySandbox;
}
