import { createFairSemaphore } from "../../base/concurrency/fair-semaphore.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Digest } from "../../base/digest.ts";
import {
  firstTurnMs,
  maxCachedImageBytes,
  maxFirstTurnsPerThread,
  maxInstances as defaultMaxInstances,
} from "./limits.ts";
import type { Guest } from "../../host/guest.ts";
import { assertSupportedProtocol } from "../engine/protocol-version.ts";
import { createEngineLoader } from "../instances/engine-loader.ts";
import type { EngineSource } from "../instances/engine-loader.ts";
import type { Image } from "../instances/engine-state.ts";
import { createImageCache } from "../instances/image-cache.ts";
import { decodeImage } from "../instances/image.ts";
import type { LoadedEngine } from "../instances/instance.ts";
import { createLongWorkflows } from "./long-workflows.ts";
import { createPooledGuest } from "./pooled-guest.ts";
import type { PooledGuest } from "./pooled-guest.ts";
import { createReclaimer } from "./reclaimer.ts";
import { closed, startThreads, threadCount } from "./worker-threads.ts";
import type { WorkerThreadsOptions } from "./worker-threads.ts";

/** Reads stored images. */
export interface ImageSource {
  /** @throws {DuraniumError} `artifact-missing`, `artifact-corrupt` */
  get(digest: Digest): Promise<Uint8Array>;
}

export interface SandboxPoolOptions extends WorkerThreadsOptions {
  readonly engines: EngineSource;
  readonly artifacts: ImageSource;
  readonly observer?: SandboxObserver;
}

/** Callbacks for metrics of the pool. */
export interface SandboxObserver {
  /**
   * Called when a turn has ended, with its duration as the execution experienced it: waiting and replays
   * included.
   */
  turnEnded(durationMs: number): void;
  /** Called for each image lookup; `wasCached` is true if a decoded image was available. */
  imageLookedUp(wasCached: boolean): void;
}

const noopObserver: SandboxObserver = { turnEnded: () => {}, imageLookedUp: () => {} };

export interface StoredImage {
  readonly imageDigest: Digest;
  readonly engineDigest: Digest;
  /** Version of the protocol between the image and its host. */
  readonly protocolVersion: number;
}

export interface AcquireRequest extends StoredImage {
  /** Limits over all turns of the execution. */
  readonly limits?: ExecutionLimits;
  /** Aborts the wait for a free instance. */
  readonly signal?: AbortSignal;
  /** The execution that the guest belongs to, as turn markers name it. */
  readonly owner?: string;
  /** Workflows that wait for an instance are served in turn. */
  readonly workflowId?: string;
  /** Called when a turn timed out or crashed its thread; `turn` is the number of turns before it. */
  readonly onCrash?: (turn: number) => void;
  /**
   * Called at most once, when other executions wait for an instance and this one only waits for its next
   * turn. If the guest is still idle soon afterwards, the pool disposes it: the callee must not count on a
   * further turn.
   */
  readonly onWanted?: () => void;
}

/** Usage of the pool. */
export interface SandboxPoolUse {
  readonly instances: number;
  readonly maxInstances: number;
  /** Executions that wait for an instance. */
  readonly waiting: number;
}

/** Instances for all executions of a process, on worker threads. */
export interface SandboxPool extends AsyncDisposable {
  use(): SandboxPoolUse;
  /** Decodes an image ahead of its first use. Never rejects: a failure is reported by the first use. */
  prepare(stored: StoredImage): Promise<void>;
  /**
   * Returns a guest with the image in it. Waits while all instances are in use: workflows are served in turn,
   * executions of one workflow in order of arrival.
   *
   * @throws {DuraniumError} `protocol-unsupported`, `engine-unavailable`, `artifact-missing`,
   *   `artifact-corrupt`, `worker-lost`
   * @throws the signal's reason
   */
  acquire(request: AcquireRequest): Promise<Guest>;
}

export function createSandboxPool(options: SandboxPoolOptions): SandboxPool {
  const engines = createEngineLoader(options.engines);
  const images = createImageCache(maxCachedImageBytes);
  const { maxInstances = defaultMaxInstances, observer = noopObserver } = options;
  const semaphore = createFairSemaphore({ capacity: maxInstances, perKey: maxInstances });
  const reclaimer = createReclaimer(semaphore);
  const threads = startThreads(options);
  const longWorkflows = createLongWorkflows();
  const maxFirstTurns = maxFirstTurnsPerThread * threadCount(options);
  const firstTurns = createFairSemaphore({ capacity: maxFirstTurns, perKey: maxFirstTurns });

  /**
   * Limits how many first turns run concurrently, fairly by workflow. Most of a first turn may be spent on
   * creating an instance, so a workflow that starts many executions at the same moment would otherwise occupy
   * every thread. The permit of a long turn is released early, because its thread preempts the turns behind
   * it.
   */
  async function firstTurn({ workflowId = "", signal }: AcquireRequest): Promise<Disposable> {
    const permit = await firstTurns.take(workflowId, signal);
    const release = () => permit[Symbol.dispose]();
    const timer = setTimeout(release, firstTurnMs);
    return {
      [Symbol.dispose]() {
        clearTimeout(timer);
        release();
      },
    };
  }

  async function imageOf(
    { imageDigest, engineDigest }: StoredImage,
    onLookedUp: (wasCached: boolean) => void,
  ): Promise<{ readonly engine: LoadedEngine; readonly image: Image; readonly key: string }> {
    const engine = await engines.load(engineDigest);
    let wasCached = true;
    const key = `${imageDigest} ${engineDigest}`;
    const looking = images.get(key, async () => {
      wasCached = false;
      return decodeImage(await options.artifacts.get(imageDigest), engine);
    });
    onLookedUp(wasCached);
    return { engine, image: await looking, key };
  }

  async function open(request: AcquireRequest, onFree: () => void): Promise<PooledGuest> {
    const { engineDigest, owner = "unknown", limits = defaultExecutionLimits } = request;
    const { onCrash = () => {} } = request;
    const { engine, image, key } = await imageOf(request, (wasCached) => observer.imageLookedUp(wasCached));
    assertSupportedProtocol(image.protocolVersion);
    const isLong = () => longWorkflows.has(key);
    const placing = () => ({ engine, isLong: isLong() });
    const thread = threads.place(placing());
    const otherThread = () => threads.placeElsewhere(placing());
    const onComputed = (computedMs: number) => longWorkflows.add(key, computedMs);
    return createPooledGuest({
      thread,
      otherThread,
      engineDigest,
      owner,
      image,
      limits,
      onFree,
      firstTurn: async () => await firstTurn(request),
      isLong,
      onComputed,
      onCrash,
      observer,
    });
  }

  return {
    use: () => ({ instances: semaphore.taken, maxInstances, waiting: semaphore.waiting }),
    async prepare(stored) {
      await imageOf(stored, () => {}).catch(() => {});
    },
    async acquire(request) {
      // Checked before the engine is loaded: an engine of an unsupported protocol may not even instantiate
      // here.
      assertSupportedProtocol(request.protocolVersion);
      const taking = semaphore.take(request.workflowId ?? "", request.signal);
      reclaimer.look();
      const permit = await taking;
      const free = () => permit[Symbol.dispose]();
      try {
        const guest = await open(request, () => {
          reclaimer.remove(guest);
          free();
        });
        if (request.onWanted !== undefined) reclaimer.add(guest, request.onWanted);
        return guest;
      } catch (error) {
        free();
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      semaphore.close(closed());
      firstTurns.close(closed());
      await threads[Symbol.asyncDispose]();
    },
  };
}
