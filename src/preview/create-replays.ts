import { defaultExecutionLimits } from "../domain/execution-limits.ts";
import type { ReplayedVersion } from "../replay/replayed-version.ts";
import { mapFailure, mapJson } from "../sandbox/compile/diagnostics/source-map.ts";
import { assertSupportedProtocol } from "../sandbox/engine/protocol-version.ts";
import { takeImage } from "../sandbox/instances/engine-state.ts";
import { createInstance, loadEngine } from "../sandbox/instances/instance.ts";
import type { Instance } from "../sandbox/instances/instance.ts";
import type { PreviewBundle, PreviewEngine, PreviewSource } from "./contract/preview.ts";
import { evaluate } from "./evaluate.ts";
import { createLocalGuest } from "./run/local-guest.ts";

/** Opens versions for replays on the current thread: in a worker of the browser, or in the command line. */
export interface LocalReplays {
  /** @throws {DuraniumError} with diagnostics, as a deploy */
  version(bundle: PreviewBundle, source: PreviewSource): ReplayedVersion;
}

/** @throws {DuraniumError} `protocol-unsupported` */
export function createLocalReplays(engine: PreviewEngine): LocalReplays {
  assertSupportedProtocol(engine.protocolVersion);
  const loaded = loadEngine(engine.digest, engine.module);
  const pristine = takeImage(loaded, loaded, engine.protocolVersion);
  /** Kept for the next replay. */
  let spare: Instance | undefined;

  function takeInstance(memoryBytes: number): Instance {
    const instance = spare;
    spare = undefined;
    const isUsable = instance?.isReusable === true && instance.memoryBytes <= memoryBytes;
    return instance !== undefined && isUsable ? instance : createInstance(loaded);
  }

  return {
    version(bundle, source) {
      const limits = defaultExecutionLimits;
      const evaluating = takeInstance(pristine.memoryBytes);
      evaluating.reset(pristine);
      const evaluated = { instance: evaluating, bundle, source, limits };
      const image = evaluate(loaded, engine.protocolVersion, evaluated);
      spare = evaluating;
      const { sourceMap } = bundle;
      return {
        async open(ownLimits) {
          const instance = takeInstance(image.memoryBytes);
          instance.reset(image, ownLimits);
          return createLocalGuest(instance, () => {
            spare = instance;
          });
        },
        mapper: {
          failure: (failure) => mapFailure(failure, sourceMap),
          json: (json) => mapJson(json, sourceMap),
        },
      };
    },
  };
}
