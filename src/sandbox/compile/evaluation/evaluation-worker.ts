import { parentPort } from "node:worker_threads";
import { DuraniumError } from "../../../domain/errors.ts";
import type { ExecutionLimits } from "../../../domain/execution-limits.ts";
import { encodeImage } from "../../instances/image.ts";
import { createInstance, loadEngine } from "../../instances/instance.ts";
import type { Instance, LoadedEngine } from "../../instances/instance.ts";
import { dropPermissions } from "../../threads/drop-permissions.ts";
import { compact, sendError } from "../../threads/thread-messages.ts";
import { lowerPriority, systemThread } from "../../threads/thread-priority.ts";
import type {
  EvaluateMessage,
  FromEvaluationWorker,
  PrepareMessage,
  ToEvaluationWorker,
} from "./evaluation-messages.ts";

/**
 * A thread that evaluates bundles, each in a new instance. It may be terminated at any moment, so it holds
 * nothing that has to be released.
 */

interface Workbench {
  readonly engine: LoadedEngine;
  readonly protocolVersion: number;
}

// An evaluation may take seconds, and executions have priority.
lowerPriority(systemThread());
dropPermissions();

let bench: Workbench | undefined;
/** Created ahead of the bundle that will use it. */
let spare: Instance | undefined;

parentPort?.on("message", (message: ToEvaluationWorker) => {
  if (message.kind === "prepare") prepare(message);
  else parentPort?.postMessage(answer(message), []);
});

function prepare({ engineDigest, protocolVersion, module }: PrepareMessage): void {
  bench = { engine: loadEngine(engineDigest, module), protocolVersion };
  spare = createInstance(bench.engine);
}

function answer({ code, limits }: EvaluateMessage): FromEvaluationWorker {
  try {
    if (bench === undefined) throw new DuraniumError("internal", "The evaluation thread has no engine");
    return evaluate({ ...bench, instance: takeInstance(bench) }, code, limits);
  } catch (error) {
    return { failed: sendError(error) };
  }
}

/** The next instance is created after the reply was sent, unless the next bundle arrives first. */
function takeInstance({ engine }: Workbench): Instance {
  const taken = spare ?? createInstance(engine);
  spare = undefined;
  setImmediate(() => (spare ??= createInstance(engine)));
  return taken;
}

function evaluate(
  { engine, protocolVersion, instance }: Workbench & { readonly instance: Instance },
  code: Uint8Array,
  limits: ExecutionLimits,
): FromEvaluationWorker {
  const startedAt = performance.now();
  instance.limit(limits);
  const failure = instance.enter((core) => core.evaluate(code));
  if (failure !== undefined) return { threw: failure };
  const evaluatedAt = performance.now();
  const { bytes, pageCount } = encodeImage(engine, instance.state(), protocolVersion);
  const timings = { evaluateMs: evaluatedAt - startedAt, imageMs: performance.now() - evaluatedAt };
  const image = compact(bytes);
  // The image is complete, so reading the declarations leaves no trace in it.
  const declared = instance.enter((core) => core.declarations());
  if ("threw" in declared) return declared;
  const declarations = declared.json === undefined ? {} : { declarations: declared.json };
  return { evaluated: { image, imagePages: pageCount, ...declarations, ...timings } };
}
