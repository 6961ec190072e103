import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../domain/errors.ts";
import { endWithParent } from "../threads/end-with-parent.ts";
import { readModule, writeModule } from "../wasm/module.ts";
import { outputNames } from "./build-job.ts";
import type { BuildJob } from "./build-job.ts";
import { makeBuildDeterministic } from "./passes/deterministic-build.ts";
import { embedData } from "./passes/embedded-data.ts";
import { useBindings } from "./passes/own-bindings.ts";
import { postProcess } from "./passes/post-process.ts";
import { warmUp } from "./passes/warm-up.ts";
import { componentizeSource, transpileEngine } from "./toolchain.ts";

/**
 * The build process: reads `job.json` in the folder of its argument and writes the result into `output` next
 * to it. Builds run in a separate process because componentize blocks its thread for seconds, has no timeout,
 * and starts a child process that only a signal to the process group reaches.
 */

await main(process.argv[2] ?? process.cwd());

async function main(folder: string): Promise<void> {
  endWithParent();
  makeBuildDeterministic();
  try {
    const job = JSON.parse(await readFile(join(folder, "job.json"), "utf8")) as BuildJob;
    await build(job, join(folder, "output"));
    process.exitCode = 0;
  } catch (error) {
    process.stderr.write(messageOf(error));
    process.exitCode = 1;
  }
}

async function build({ kind, source, bindings, wit, data }: BuildJob, output: string): Promise<void> {
  useBindings(bindings);
  const component = await componentizeSource(source, wit);
  await mkdir(output, { recursive: true });
  if (kind === "portable") await writeFile(join(output, outputNames.component), component);
  else
    await writeEngine(await transpileEngine(component), { output, data: Buffer.from(data ?? "", "base64") });
}

/** Writes the core module and those of jco's files that its glue needs at run time. */
async function writeEngine(
  files: ReadonlyMap<string, Uint8Array>,
  { output, data }: { readonly output: string; readonly data: Uint8Array },
): Promise<void> {
  const jco = join(output, outputNames.jco);
  await mkdir(jco);
  for (const [name, content] of files) {
    if (name === outputNames.core) await writeFile(join(output, name), await finishCore(content, data));
    else if (!name.endsWith(".d.ts")) await writeFile(join(jco, name), content);
  }
}

/** Compiles the core, so that an invalid engine fails its build and not its first execution. */
async function finishCore(core: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
  const warmed = await warmUp(postProcess(writeModule(embedData(readModule(core), data))));
  await WebAssembly.compile(warmed);
  return warmed;
}
