import { defaultPythonDirectory, relinkPythonCore } from "../../src/sandbox/engine/python/build-python.ts";
import type { PythonCore } from "../../src/sandbox/engine/python/build-python.ts";
import { compileEngine } from "../../src/sandbox/instances/engine-loader.ts";

/**
 * The Python engine of this source, for tests. It is linked where CPython has been built for this machine already, which
 * `node src/sandbox/engine/python/build-python-engine.ts` does in a few minutes, and which no test does. The folder is
 * that of the build's default, or `DURANIUM_TEST_PYTHON_DIR`.
 */

export const pythonDirectory = process.env["DURANIUM_TEST_PYTHON_DIR"] ?? defaultPythonDirectory();

let core: Promise<PythonCore | undefined> | undefined;

/** `undefined` where CPython has not been built: then tests of Python are skipped, with one notice for all. */
export async function testPythonCore(): Promise<PythonCore | undefined> {
  return await (core ??= findCore());
}

async function findCore(): Promise<PythonCore | undefined> {
  const found = await relinkPythonCore({ directory: pythonDirectory });
  if (found === undefined) process.stderr.write(`${notice}\n`);
  return found;
}

const notice =
  "Tests of Python are skipped: CPython has not been built here (node src/sandbox/engine/python/build-python-engine.ts)";

let compiled: Promise<WebAssembly.Module> | undefined;

/** The engine's core module, compiled once for all test files of a process. */
export async function compiledPythonCore(): Promise<WebAssembly.Module | undefined> {
  const found = await testPythonCore();
  return found && (await (compiled ??= compileEngine(found.core)));
}
