import { DuraniumError } from "../domain/errors.ts";
import { defaultExecutionLimits } from "../domain/execution-limits.ts";
import { parseEntryPoint, parseWorkflowId } from "../domain/ids.ts";
import type { HttpClient } from "../host/network/http-client.ts";
import { assertSupportedProtocol } from "../sandbox/engine/protocol-version.ts";
import { takeImage } from "../sandbox/instances/engine-state.ts";
import type { Image } from "../sandbox/instances/engine-state.ts";
import { createInstance, loadEngine } from "../sandbox/instances/instance.ts";
import type { Instance, LoadedEngine } from "../sandbox/instances/instance.ts";
import type { Preview, PreviewEngine, PreviewRequest } from "./contract/preview.ts";
import { evaluate } from "./evaluate.ts";
import { createLocalState } from "./run/local-state.ts";
import { startRun } from "./run/start-run.ts";

export interface PreviewOptions {
  readonly engine: PreviewEngine;
  /** Sends the fetches that have no mock response. */
  readonly http: Pick<HttpClient, "fetch">;
}

/** @throws {DuraniumError} `protocol-unsupported` */
export function createPreview({ engine, http }: PreviewOptions): Preview {
  assertSupportedProtocol(engine.protocolVersion);
  const loaded = loadEngine(engine.digest, engine.module);
  const states = createLocalState();
  const instances = createSpareInstance(loaded, engine.protocolVersion);
  return {
    states,
    async run(bundle, source, request) {
      assertRequest(request);
      const limits = { ...defaultExecutionLimits, ...request.limits };
      const instance = instances.take();
      evaluate(loaded, engine.protocolVersion, { instance, bundle, source, limits });
      const { sourceMap } = bundle;
      const onFree = () => instances.release(instance);
      return startRun({ request, limits, instance, onFree, sourceMap, http, states });
    },
  };
}

/**
 * Keeps one instance for the next run, so that repeated runs do not wait for the garbage collection of each memory.
 */
function createSpareInstance(engine: LoadedEngine, protocolVersion: number) {
  const pristine = takeImage(engine, engine, protocolVersion);
  let spare: Instance | undefined;
  return {
    /** An instance in the initial state of the engine. */
    take(): Instance {
      const instance = spare ?? createInstance(engine);
      spare = undefined;
      // Its memory may have grown, or it may have failed, in the previous run.
      if (!fits(instance, pristine)) return createInstance(engine);
      instance.reset(pristine);
      return instance;
    },
    release(instance: Instance): void {
      spare = instance;
    },
  };
}

function fits({ isReusable, memoryBytes }: Instance, image: Image): boolean {
  return isReusable && memoryBytes <= image.memoryBytes;
}

function assertRequest({ workflowId, entryPoint, seed }: PreviewRequest): void {
  parseWorkflowId(workflowId);
  if (entryPoint !== undefined) parseEntryPoint(entryPoint);
  if (seed !== undefined && !/^[0-9a-f]{64}$/.test(seed))
    throw new DuraniumError("invalid-request", "Invalid seed of a preview: use 64 hexadecimal digits");
}
