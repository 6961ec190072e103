import { runInThisContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import type { Emission, Program } from "./program.ts";

/** The thread that runs one program in Node. */

const { scripts, reportsEnd } = workerData as Program;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
const emit = (emission: Emission): void => parentPort?.postMessage(emission);

// Suites cause unhandled rejections on purpose. Only the results that they report count.
process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});

Object.assign(globalThis, { __emit: emit, self: globalThis });

try {
  for (const { name, text } of scripts) runInThisContext(text, { filename: name });
} catch (error) {
  const { constructor, message } = Object(error) as Partial<Error>;
  emit({
    end: { kind: "threw", errorName: constructor?.name ?? typeof error, message: message ?? String(error) },
  });
}
if (!reportsEnd) emit({ end: { kind: "evaluated" } });
