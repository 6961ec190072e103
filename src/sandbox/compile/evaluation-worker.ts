import { parentPort } from "node:worker_threads";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import { encodeImage } from "../image.ts";
import { createInstance, loadEngine } from "../instance.ts";
import type { Instance, LoadedEngine } from "../instance.ts";
import { compact, sendError } from "../messages.ts";
import type {
  EvaluateMessage,
  FromEvaluationWorker,
  PrepareMessage,
  ToEvaluationWorker,
} from "./messages.ts";

/**
 * A thread that evaluates bundles, each in an instance that is used for it alone. It may be ended at any
 * moment, so it has nothing that would outlive it.
 */

interface Workbench {
  readonly engine: LoadedEngine;
  readonly protocolVersion: number;
  /** Made ahead of the bundle that will use it. */
  readonly instance: Instance;
}

let bench: Workbench | undefined;

parentPort?.on("message", (message: ToEvaluationWorker) => {
  if (message.kind === "prepare") prepare(message);
  else parentPort?.postMessage(answer(message), []);
});

function prepare({ engineDigest, protocolVersion, module }: PrepareMessage): void {
  const engine = loadEngine(engineDigest, module);
  bench = { engine, protocolVersion, instance: createInstance(engine) };
}

function answer({ code, limits }: EvaluateMessage): FromEvaluationWorker {
  try {
    return evaluate(takeBench(), code, limits);
  } catch (error) {
    return { failed: sendError(error) };
  }
}

/** The next instance is made when the answer is on its way. */
function takeBench(): Workbench {
  const taken = bench;
  bench = undefined;
  if (taken === undefined) throw new DuraniumError("internal", "The evaluation thread is not prepared");
  setImmediate(() => {
    bench = { ...taken, instance: createInstance(taken.engine) };
  });
  return taken;
}

function evaluate(
  { engine, protocolVersion, instance }: Workbench,
  code: Uint8Array,
  limits: ExecutionLimits,
): FromEvaluationWorker {
  const startedAt = performance.now();
  instance.limit(limits);
  const failure = instance.enter((core) => core.load(code));
  if (failure !== undefined) return { threw: failure };
  const evaluatedAt = performance.now();
  const { bytes, pageCount } = encodeImage(engine, instance.state(), protocolVersion);
  const evaluated = {
    image: compact(bytes),
    imagePages: pageCount,
    evaluateMs: evaluatedAt - startedAt,
    imageMs: performance.now() - evaluatedAt,
  };
  return { evaluated };
}
