import { existsSync } from "node:fs";
import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packEngine } from "../../src/sandbox/engine/added/engine-file.ts";
import { testEngineStore, testEnginesDirectory } from "./engine.ts";
import { testPythonCore } from "./python-engine.ts";

/**
 * A folder of engines with that of Python as a file, for `DURANIUM_ENGINES_DIR` of an instance or of the command line.
 * `undefined` where CPython has not been built.
 */
export async function enginesFolderWithPython(): Promise<string | undefined> {
  const python = await testPythonCore();
  if (python === undefined) return undefined;
  const [{ bytes, digest }, javascript] = await Promise.all([
    packEngine({ language: "python", ...python }),
    testEngineStore().current(),
  ]);
  const folder = join(`${testEnginesDirectory}-with-python`, digest.slice(0, 16));
  await mkdir(folder, { recursive: true });
  const link = join(folder, javascript.digest);
  if (!existsSync(link))
    await symlink(join(testEnginesDirectory, javascript.digest), link).catch(ignoreExisting);
  const file = join(folder, "python.engine");
  if (!existsSync(file)) {
    await writeFile(`${file}.${process.pid}`, bytes);
    await rename(`${file}.${process.pid}`, file);
  }
  return folder;
}

/** Another test process made it at the same time. */
function ignoreExisting(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
}
