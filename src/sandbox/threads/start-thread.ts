import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { WorkerOptions } from "node:worker_threads";
import { createThreadCode } from "./thread-code.ts";

/** Native stack of a thread that runs guests. The engine must reach its own limit first. */
export const workerStackMb = 8;

/**
 * Starts a thread whose modules are bundled into one script. Executions may wait for a new thread, and resolving each
 * module and stripping its types takes most of a thread's start.
 *
 * @param entry a module that does not use `import.meta`
 */
export function startThread(entry: URL, options: WorkerOptions): Worker {
  return new Worker(code.of(entry), { ...options, eval: true });
}

const code = createThreadCode(
  fileURLToPath(new URL("../../../node_modules/.cache/duranium/threads", import.meta.url)),
);
