import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { WorkerOptions } from "node:worker_threads";
import { buildSync } from "esbuild";
import { DuraniumError } from "../../domain/errors.ts";

/** Native stack of a thread that runs guests. The engine must reach its own limit first. */
export const workerStackMb = 8;

/**
 * Starts a thread whose modules are bundled into one script, once per process. Executions may wait for a new
 * thread, and resolving each module and stripping its types takes most of a thread's start.
 *
 * @param entry a module that does not use `import.meta`
 */
export function startThread(entry: URL, options: WorkerOptions): Worker {
  return new Worker(codeOf(entry), { ...options, eval: true });
}

const codes = new Map<string, string>();

function codeOf({ href }: URL): string {
  const code = codes.get(href) ?? bundle(href);
  codes.set(href, code);
  return code;
}

function bundle(href: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(href)],
    bundle: true,
    platform: "node",
    // Older packages wrap their CommonJS in a way that cannot be bundled.
    mainFields: ["module", "main"],
    format: "cjs",
    target: `node${process.versions.node}`,
    write: false,
    logLevel: "error",
  });
  const code = outputFiles[0]?.text;
  if (code === undefined)
    throw new DuraniumError("internal", "Cannot bundle a worker thread: esbuild returned no output");
  return code;
}
