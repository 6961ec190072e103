import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { createEngineStore } from "../../src/sandbox/engine/store.ts";
import { loadEngine } from "../../src/sandbox/instance.ts";
import { compareOutcomes, countDirectory, isShortfall } from "./comparison.ts";
import type { ComparedTest, DirectoryCount } from "./comparison.ts";
import { readExpectedFailures } from "./expected-failures.ts";
import { nodeEngine } from "./node-engine.ts";
import type { Engine, Outcome } from "./program.ts";
import { directoryOf, listWptPrograms, readWptProgram } from "./wpt-suite.ts";
import { startWptServer } from "./wpt-server.ts";
import { createSandboxEngine } from "./sandbox-engine.ts";
import {
  listTest262,
  programOfTest262,
  readTest262,
  resultOfTest262,
  test262DirectoryOf,
} from "./test262-suite.ts";

/**
 * Runs web-platform-tests and test262 in the sandbox beside the Node that this project pins, and prints how many tests of
 * each directory they pass. README.md beside this file describes its arguments.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    wpt: { type: "string" },
    test262: { type: "string" },
    engines: { type: "string", default: "node_modules/.cache/duranium-test/engines" },
    list: { type: "boolean", default: false },
    all: { type: "boolean", default: false },
    sample: { type: "string", default: "1" },
    json: { type: "string" },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  if (values.wpt === undefined && values.test262 === undefined) {
    process.stderr.write(
      "Name a checkout of a suite: npm run conformance -- [--wpt DIR] [--test262 DIR] [directory…]\n",
    );
    return 2;
  }
  const { digest, core } = await createEngineStore({ directory: resolve(values.engines) }).current();
  await using sandbox = await createSandboxEngine(loadEngine(digest, await WebAssembly.compile(core)));
  const expected = await readExpectedFailures();
  const suites = [
    ...(values.wpt === undefined ? [] : [await runWpt(resolve(values.wpt), sandbox)]),
    ...(values.test262 === undefined ? [] : [await runTest262(resolve(values.test262), sandbox)]),
  ];
  const counts = suites.flatMap(({ name, tests, directoryOf }) => {
    const byDirectory = Map.groupBy(tests, ({ file }) => directoryOf(file));
    const counted = [...byDirectory].map(([directory, of]) =>
      countDirectory(directory, of, (test) => expected.includes(test)),
    );
    process.stdout.write(`\n${formatCounts(name, counted)}`);
    return counted;
  });
  const shortfalls = suites.flatMap(({ tests }) => tests).filter(isShortfall);
  const shown = shortfalls.filter((test) => values.all || !expected.includes(test));
  if (values.list || values.all) for (const test of shown) process.stdout.write(`${describe(test)}\n`);
  if (values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify({ counts, shortfalls }, null, 1)}\n`);
  return counts.some(({ unexpected }) => unexpected > 0) ? 1 : 0;
}

interface SuiteRun {
  readonly name: string;
  readonly tests: readonly ComparedTest[];
  readonly directoryOf: (file: string) => string;
}

async function runWpt(root: string, sandbox: Engine): Promise<SuiteRun> {
  await using server = await startWptServer(root);
  const tests: ComparedTest[] = [];
  for (const id of sampled(await listWptPrograms(root, positionals))) {
    const program = await readWptProgram(root, id, server.origin);
    const outcomes = [await nodeEngine.run(program), await sandbox.run(program)] as const;
    tests.push(...compareOutcomes(id, ...outcomes));
    showProgress(id);
  }
  return { name: "web-platform-tests", tests, directoryOf };
}

async function runTest262(root: string, sandbox: Engine): Promise<SuiteRun> {
  const tests: ComparedTest[] = [];
  for (const id of sampled(await listTest262(root, positionals))) {
    const one = await readTest262(root, id);
    if (one === undefined) continue;
    const program = await programOfTest262(root, one);
    const verdict = (outcome: Outcome): Outcome => ({ ...outcome, results: [resultOfTest262(one, outcome)] });
    tests.push(
      ...compareOutcomes(id, verdict(await nodeEngine.run(program)), verdict(await sandbox.run(program))),
    );
    showProgress(id);
  }
  return { name: "test262", tests, directoryOf: test262DirectoryOf };
}

/** Every n-th, for a quick look at a large suite. */
function sampled(ids: readonly string[]): readonly string[] {
  return ids.filter((_, index) => index % Number(values.sample) === 0);
}

function showProgress(id: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${id}`);
}

function describe({ file, name, message }: ComparedTest): string {
  return `${file}${name === "" ? "" : ` · ${name}`}\n    ${message}`;
}

function formatCounts(name: string, counts: readonly DirectoryCount[]): string {
  const width = Math.max(9, ...counts.map(({ directory }) => directory.length));
  const row = (cells: readonly (string | number)[]): string =>
    cells
      .map((cell, index) => (index === 0 ? String(cell).padEnd(width) : String(cell).padStart(9)))
      .join(" ");
  const rows = counts.map((count) =>
    row([count.directory, count.tests, count.node, count.sandbox, count.expected, count.unexpected]),
  );
  return `${[row([name, "tests", "Node", "sandbox", "listed", "unlisted"]), ...rows].join("\n")}\n`;
}
