import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { compiledTestEngine, testEngineStore } from "../../../../test/support/engine.ts";
import { defaultExecutionLimits } from "../../../domain/execution-limits.ts";
import type { FromEvaluationWorker, ToEvaluationWorker } from "./evaluation-messages.ts";

test("bundles that arrive faster than instances are created each get their own instance", async () => {
  const { digest, protocolVersion } = await testEngineStore().current();
  const module = await compiledTestEngine();
  const worker = new Worker(new URL("./evaluation-worker.ts", import.meta.url), { env: {} });
  try {
    const answers: FromEvaluationWorker[] = [];
    worker.on("message", (answer: FromEvaluationWorker) => answers.push(answer));
    const messages: readonly ToEvaluationWorker[] = [
      { kind: "prepare", engineDigest: digest, protocolVersion, module },
      ...Array.from({ length: 3 }, () => evaluate),
    ];
    for (const message of messages) worker.postMessage(message, []);
    while (answers.length < 3) await once(worker, "message");
    const images = answers.map((answer) => ("evaluated" in answer ? answer.evaluated.image : answer));
    expect(images[0]).toBeInstanceOf(Uint8Array);
    expect(images).toEqual([images[0], images[0], images[0]]);
  } finally {
    await worker.terminate();
  }
});

const evaluate: ToEvaluationWorker = {
  kind: "evaluate",
  code: new TextEncoder().encode(
    "globalThis.loaded = (globalThis.loaded ?? 0) + 1; __duranium_define({ run: () => loaded });",
  ),
  limits: defaultExecutionLimits,
};
