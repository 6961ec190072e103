import { toDuraniumError } from "../domain/errors.ts";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import { loadBroke, loadFailed } from "../sandbox/compile/load-error.ts";
import { takeImage } from "../sandbox/engine-state.ts";
import type { PristineEngine } from "../sandbox/engine-state.ts";
import { createInstance } from "../sandbox/instance.ts";
import type { Instance, LoadedEngine } from "../sandbox/instance.ts";
import type { PreviewBundle, PreviewSource } from "./preview.ts";

/** What is evaluated, and what it may use. */
export interface Evaluated {
  readonly bundle: PreviewBundle;
  readonly source: PreviewSource;
  readonly limits: ExecutionLimits;
}

/**
 * Evaluates a bundle in a new instance, as a deploy does, and puts what came of it back in as an execution is given it:
 * as an image. So the execution begins in the same memory, and uses the same fuel.
 *
 * @throws {DuraniumError} with diagnostics
 */
export function evaluate(
  engine: LoadedEngine & PristineEngine,
  protocolVersion: number,
  { bundle, source, limits }: Evaluated,
): Instance {
  const instance = createInstance(engine);
  instance.limit(limits);
  const failure = load(instance, bundle.code, limits);
  if (failure !== undefined) throw loadFailed(failure, { source, sourceMap: bundle.sourceMap });
  instance.reset(takeImage(engine, instance.state(), protocolVersion), limits);
  return instance;
}

function load(instance: Instance, code: Uint8Array, limits: ExecutionLimits): Uint8Array | undefined {
  try {
    return instance.enter((core) => core.load(code));
  } catch (error) {
    throw loadBroke(toDuraniumError(error), limits);
  }
}
