import { Worker } from "node:worker_threads";
import { createOutcomeRecorder } from "./program.ts";
import type { Emission, Engine, Program, Outcome } from "./program.ts";

const programTimeoutMs = 15_000;
const workerFile = new URL("./node-worker.ts", import.meta.url);

/** Runs programs in the current Node, each in a separate thread. */
export const nodeEngine: Engine = { name: "Node", run };

async function run(program: Program): Promise<Outcome> {
  const recorder = createOutcomeRecorder();
  const worker = new Worker(workerFile, {
    workerData: program,
    // A program's console output must not appear in the output of this script.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 1_024 },
  });
  const timeout = AbortSignal.timeout(programTimeoutMs);
  try {
    return await new Promise<Outcome>((resolve) => {
      const end = (kind: "crashed" | "timeout" | "idle", message = ""): void =>
        resolve(recorder.outcome({ kind, message }));
      worker.on("message", (emission: Emission) => {
        recorder.record(emission);
        if (recorder.hasEnded) end("idle");
      });
      worker.on("error", (error: Error) => end("crashed", error.message));
      worker.on("exit", () => end("idle"));
      // Messages that the thread has sent by then are handled first, because this thread may have been busy with
      // the sandbox.
      timeout.addEventListener("abort", () => setImmediate(() => end("timeout")));
    });
  } finally {
    await worker.terminate();
  }
}
