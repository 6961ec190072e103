import { createFairSemaphore } from "../../base/fair-semaphore.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Digest } from "../../domain/ids.ts";
import {
  firstTurnMs,
  maxCachedImageBytes,
  maxFirstTurnsPerThread,
  maxInstances as defaultMaxInstances,
} from "../../domain/limits.ts";
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

/** Where stored images come from. */
export interface ImageSource {
  /** @throws {DuraniumError} `artifact-missing`, `artifact-corrupt` */
  get(digest: Digest): Promise<Uint8Array>;
}

export interface SandboxPoolOptions extends WorkerThreadsOptions {
  readonly engines: EngineSource;
  readonly artifacts: ImageSource;
  readonly observer?: SandboxObserver;
}

/** Is told what the pool does. */
export interface SandboxObserver {
  /** A turn of a guest, as its execution waited for it. */
  turnEnded(durationMs: number): void;
  /** An image was asked for, and was there decoded or not. */
  imageLookedUp(wasCached: boolean): void;
}

const noopObserver: SandboxObserver = { turnEnded: () => {}, imageLookedUp: () => {} };

export interface StoredImage {
  readonly imageDigest: Digest;
  readonly engineDigest: Digest;
  /** The protocol that the image speaks with its host. */
  readonly protocolVersion: number;
}

export interface AcquireRequest extends StoredImage {
  /** What the execution may use, in all of its turns. */
  readonly limits?: ExecutionLimits;
  /** Ends the wait for a free instance. */
  readonly signal?: AbortSignal;
  /** Whose guest it is, as notes have it. */
  readonly owner?: string;
  /** Instances go to the workflows that wait for one in turn. */
  readonly workflowId?: string;
  /** Called when a turn was ended by the clock, or ended its thread: `turn` is how many there were before it. */
  readonly onCrash?: (turn: number) => void;
  /**
   * Called, once at most, when others wait for an instance and this one only waits for its next turn. Where it still waits
   * soon afterwards, the guest is disposed of: whoever was told may count on no further turn.
   */
  readonly onWanted?: () => void;
}

/** How much of the pool is used. */
export interface SandboxPoolUse {
  readonly instances: number;
  readonly maxInstances: number;
  /** Executions that wait for an instance. */
  readonly waiting: number;
}

/** Instances for all executions of a process, on worker threads. */
export interface SandboxPool extends AsyncDisposable {
  use(): SandboxPoolUse;
  /** Decodes an image ahead of its first use. Never rejects: where it cannot be done, the first use says so. */
  prepare(stored: StoredImage): Promise<void>;
  /**
   * A guest with the image in it. Waits while all instances are in use: workflows in turn, executions of one in their order.
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
   * Lets first turns begin a few at a time, workflow by workflow: most of one may be spent on making an instance, and a workflow that
   * starts a hundred executions at once would keep the threads from all others for a second. A turn that takes long is not waited for:
   * its thread moves others out of its way.
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
    const { engineDigest, owner = "nobody", limits = defaultExecutionLimits } = request;
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
      // Before the engine is touched: one of another protocol may not even be instantiated here.
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
