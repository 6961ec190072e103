import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { createEngineStore } from "../../src/sandbox/engine/engine-store.ts";
import { loadEngine } from "../../src/sandbox/instances/instance.ts";
import { compareOutcomes } from "./comparison.ts";
import type { ComparedTest } from "./comparison.ts";
import { formatCounts, formatPage } from "./conformance-page.ts";
import { readExpectedFailures } from "./expected-failures.ts";
import { nodeEngine } from "./node-engine.ts";
import type { Engine, Outcome } from "./program.ts";
import { createReport } from "./report.ts";
import type { Report, Suite } from "./report.ts";
import { createSandboxEngine } from "./sandbox-engine.ts";
import {
  listTest262,
  programOfTest262,
  readTest262,
  resultOfTest262,
  test262DirectoryOf,
} from "./test262-suite.ts";
import { startWptServer } from "./wpt-server.ts";
import { directoryOf, listWptPrograms, readWptProgram } from "./wpt-suite.ts";

/**
 * Runs web-platform-tests and test262 in the sandbox and in the Node version that this project pins, and prints how
 * many tests of each directory pass. README.md in this folder describes the arguments.
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
    continue: { type: "boolean", default: false },
    page: { type: "string" },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  if (values.wpt === undefined && values.test262 === undefined && values.page === undefined) {
    process.stderr.write(
      "Name a checkout of a suite: npm run conformance -- [--wpt DIR] [--test262 DIR] [directory…]\n",
    );
    return 2;
  }
  const expected = await readExpectedFailures();
  const report = await createReport({ file: values.json, isContinued: values.continue, expected });
  if (values.wpt !== undefined || values.test262 !== undefined) await runSuites(report);
  for (const suite of ["web-platform-tests", "test262"] as const) {
    const counts = report.countsOf(suite);
    if (counts.length > 0) process.stdout.write(`\n${formatCounts(suite, counts)}`);
  }
  const shown = report.shortfalls.filter((test) => values.all || !expected.includes(test));
  if (values.list || values.all) for (const test of shown) process.stdout.write(`${describe(test)}\n`);
  if (values.page !== undefined) await writeFile(values.page, formatPage(report, expected));
  return report.shortfalls.every((test) => expected.includes(test)) ? 0 : 1;
}

async function runSuites(report: Report): Promise<void> {
  const { digest, core } = await createEngineStore({ directory: resolve(values.engines) }).current();
  await using sandbox = await createSandboxEngine(loadEngine(digest, await WebAssembly.compile(core)));
  if (values.wpt !== undefined) await runWpt(resolve(values.wpt), sandbox, report);
  if (values.test262 !== undefined) await runTest262(resolve(values.test262), sandbox, report);
}

async function runWpt(root: string, sandbox: Engine, report: Report): Promise<void> {
  await using server = await startWptServer(root);
  const ids = await listWptPrograms(root, positionals);
  await runDirectories("web-platform-tests", Map.groupBy(ids, directoryOf), report, async (id) => {
    const program = await readWptProgram(root, id, server.origin);
    return compareOutcomes(id, await nodeEngine.run(program), await sandbox.run(program));
  });
}

async function runTest262(root: string, sandbox: Engine, report: Report): Promise<void> {
  const ids = await listTest262(root, positionals);
  await runDirectories("test262", Map.groupBy(ids, test262DirectoryOf), report, async (id) => {
    const one = await readTest262(root, id);
    if (one === undefined) return [];
    const program = await programOfTest262(root, one);
    const verdict = (outcome: Outcome): Outcome => ({ ...outcome, results: [resultOfTest262(one, outcome)] });
    // Node runs in a separate thread, and these tests measure no time, so both can run concurrently.
    const [node, own] = await Promise.all([nodeEngine.run(program), sandbox.run(program)]);
    return compareOutcomes(id, verdict(node), verdict(own));
  });
}

/**
 * Runs directories sequentially. Each is added to the report when it is complete, so an interrupted run can be
 * continued.
 */
async function runDirectories(
  suite: Suite,
  directories: ReadonlyMap<string, readonly string[]>,
  report: Report,
  run: (id: string) => Promise<readonly ComparedTest[]>,
): Promise<void> {
  for (const [directory, ids] of directories) {
    if (report.has(directory)) continue;
    const tests: ComparedTest[] = [];
    for (const id of sampled(ids)) {
      showProgress(id);
      tests.push(...(await run(id)));
    }
    await report.add(suite, directory, tests);
  }
}

/** Every n-th id, for a quick run of a large suite. */
function sampled(ids: readonly string[]): readonly string[] {
  return ids.filter((_, index) => index % Number(values.sample) === 0);
}

function showProgress(id: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${id}`);
}

function describe({ file, name, message }: ComparedTest): string {
  return `${file}${name === "" ? "" : ` · ${name}`}\n    ${message}`;
}
