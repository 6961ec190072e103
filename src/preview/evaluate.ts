import { toDuraniumError } from "../domain/errors.ts";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import { evaluationCrashed, evaluationFailed } from "../sandbox/compile/evaluation/evaluation-error.ts";
import { takeImage } from "../sandbox/instances/engine-state.ts";
import type { Image, PristineEngine } from "../sandbox/instances/engine-state.ts";
import type { Instance } from "../sandbox/instances/instance.ts";
import type { PreviewBundle, PreviewSource } from "./contract/preview.ts";

/** A bundle to evaluate, and its limits. */
export interface Evaluated {
  /** In the initial state of the engine. */
  readonly instance: Instance;
  readonly bundle: PreviewBundle;
  readonly source: PreviewSource;
  readonly limits: ExecutionLimits;
}

/**
 * Evaluates a bundle as a deploy does. A run that starts with the image has the same memory, and uses the same fuel, as an execution.
 *
 * @throws {DuraniumError} with diagnostics
 */
export function evaluate(
  engine: PristineEngine,
  protocolVersion: number,
  { instance, bundle, source, limits }: Evaluated,
): Image {
  instance.limit(limits);
  const failure = evaluateBundle(instance, bundle.code, limits);
  if (failure !== undefined) throw evaluationFailed(failure, { source, sourceMap: bundle.sourceMap });
  return takeImage(engine, instance.state(), protocolVersion);
}

function evaluateBundle(
  instance: Instance,
  code: Uint8Array,
  limits: ExecutionLimits,
): Uint8Array | undefined {
  try {
    return instance.enter((core) => core.evaluate(code));
  } catch (error) {
    throw evaluationCrashed(toDuraniumError(error), limits);
  }
}
