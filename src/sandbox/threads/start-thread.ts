import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { WorkerOptions } from "node:worker_threads";
import { buildSync } from "esbuild";
import { DuraniumError } from "../../domain/errors.ts";

/**
 * A thread whose modules are one script, which is made once in a process. Threads are started while others wait for them:
 * to find each module and to take its types away again takes four times the processor time of all the rest.
 *
 * @param entry a module that needs no `import.meta`
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
  if (code === undefined) throw new DuraniumError("internal", "esbuild wrote nothing");
  return code;
}
