import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../domain/errors.ts";
import { endWithParent } from "../threads/end-with-parent.ts";
import { engineCoreOf } from "./engine-core.ts";
import { Refusal } from "./refusal.ts";

/**
 * The process that prepares one module: reads `module.wasm` in the folder of its argument and writes into `output` next to it
 * the core of its engine, or why there is none. A hostile module may occupy or crash it, so it has limits and ends with
 * its parent.
 */

/** The files of the folder. */
const names = { input: "module.wasm", core: "engine.core.wasm", refusal: "refusal.json" };

await main(process.argv[2] ?? process.cwd());

async function main(folder: string): Promise<void> {
  endWithParent();
  try {
    const output = join(folder, "output");
    await mkdir(output, { recursive: true });
    await prepare(await readFile(join(folder, names.input)), output);
    process.exitCode = 0;
  } catch (error) {
    process.stderr.write(messageOf(error));
    process.exitCode = 1;
  }
}

async function prepare(module: Uint8Array, output: string): Promise<void> {
  try {
    await writeFile(join(output, names.core), engineCoreOf(module));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await writeFile(join(output, names.refusal), JSON.stringify(error.diagnostics));
  }
}
