import { DuraniumError } from "../domain/errors.ts";
import { defaultExecutionLimits } from "../domain/execution-limits.ts";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import { parseEntryPoint, parseWorkflowId } from "../domain/ids.ts";
import type { HttpClient } from "../host/network/http-client.ts";
import { assertSupportedProtocol } from "../sandbox/engine/protocol-version.ts";
import { mapFailure, mapJson } from "../sandbox/compile/diagnostics/source-map.ts";
import { takeImage } from "../sandbox/instances/engine-state.ts";
import type { Image } from "../sandbox/instances/engine-state.ts";
import { createInstance, loadEngine } from "../sandbox/instances/instance.ts";
import type { Instance, LoadedEngine } from "../sandbox/instances/instance.ts";
import type { Recording } from "../recordings/recording.ts";
import { limitsOf } from "../replay/replay.ts";
import type { SourceMapper } from "../replay/replayed-version.ts";
import { measureTimeline } from "./answers/timeline.ts";
import type { Timeline } from "./answers/timeline.ts";
import type { Preview, PreviewEngine, PreviewedWorkflow, PreviewRequest } from "./contract/preview.ts";
import { evaluate } from "./evaluate.ts";
import { createLocalGuest } from "./run/local-guest.ts";
import { createLocalState } from "./run/local-state.ts";
import type { LocalState } from "./run/local-state.ts";
import { startRun } from "./run/start-run.ts";

export interface PreviewOptions {
  readonly engine: PreviewEngine;
  /** Sends the fetches that have no mock response. */
  readonly http: Pick<HttpClient, "fetch">;
  /** The state of workflows, where previews on several engines share it. */
  readonly states?: LocalState;
}

/** @throws {DuraniumError} `protocol-unsupported` */
export function createPreview({ engine, http, states = createLocalState() }: PreviewOptions): Preview {
  assertSupportedProtocol(engine.protocolVersion);
  const loaded = loadEngine(engine.digest, engine.module);
  const instances = createSpareInstance(loaded, engine.protocolVersion);

  const preview: Preview = {
    states,
    open(bundle, source, ownLimits) {
      const instance = instances.take();
      const limits = { ...defaultExecutionLimits, ...ownLimits };
      const image = evaluate(loaded, engine.protocolVersion, { instance, bundle, source, limits });
      instances.release(instance);
      const mapper = mapperOf(bundle.sourceMap);
      return openImage({ image, mapper, instances, start: (run) => startRun({ ...run, http, states }) });
    },
    run: async (bundle, source, request) => {
      assertRequest(request);
      return await preview.open(bundle, source, limitsIn(request)).run(request);
    },
  };
  return preview;
}

type OpenedRun = Omit<Parameters<typeof startRun>[0], "http" | "states">;

interface Opened {
  readonly image: Image;
  readonly mapper: SourceMapper;
  readonly instances: Instances;
  readonly start: (run: OpenedRun) => ReturnType<typeof startRun>;
}

function openImage({ image, mapper, instances, start }: Opened): PreviewedWorkflow {
  let measured: { readonly recording: Recording; readonly timeline: Timeline } | undefined;

  /** Measured once for several runs on the same recording. */
  async function timelineOf(recording: Recording): Promise<Timeline> {
    if (measured?.recording === recording) return measured.timeline;
    const instance = instances.take(image);
    instance.reset(image, limitsOf(recording));
    using guest = createLocalGuest(instance, () => instances.release(instance));
    const timeline = await measureTimeline(recording, guest);
    measured = { recording, timeline };
    return timeline;
  }

  return {
    async run(request) {
      assertRequest(request);
      const { recorded } = request;
      const timeline = recorded === undefined ? undefined : await timelineOf(recorded.recording);
      const limits = { ...defaultExecutionLimits, ...limitsIn(request) };
      const instance = instances.take(image);
      instance.reset(image, limits);
      const onFree = () => instances.release(instance);
      return start({ request, limits, instance, onFree, mapper, timeline });
    },
  };
}

function limitsIn({ limits, recorded }: PreviewRequest): Partial<ExecutionLimits> {
  return { ...recorded?.recording.start.limits, ...limits };
}

function mapperOf(sourceMap: string): SourceMapper {
  return {
    failure: (failure) => mapFailure(failure, sourceMap),
    json: (json) => mapJson(json, sourceMap),
  };
}

type Instances = ReturnType<typeof createSpareInstance>;

/**
 * Keeps one instance for the next run, so that repeated runs do not wait for the garbage collection of each memory.
 */
function createSpareInstance(engine: LoadedEngine, protocolVersion: number) {
  const pristine = takeImage(engine, engine, protocolVersion);
  let spare: Instance | undefined;
  return {
    /** An instance that fits an image, which must be put in, or one in the initial state of the engine. */
    take(image?: Image): Instance {
      const instance = spare ?? createInstance(engine);
      spare = undefined;
      // Its memory may have grown, or it may have failed, in the previous run.
      if (!fits(instance, image ?? pristine)) return createInstance(engine);
      if (image === undefined) instance.reset(pristine);
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
