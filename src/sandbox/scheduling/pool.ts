import { FairSemaphore } from "../../base/concurrency/fair-semaphore.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Guest } from "../../host/guest.ts";
import { assertSupportedProtocol } from "../engine/protocol-version.ts";
import type { EngineSource } from "../instances/engine-loader.ts";
import { createFirstTurns } from "./first-turns.ts";
import type { FirstTurns } from "./first-turns.ts";
import { maxInstances as defaultMaxInstances } from "./limits.ts";
import { createLongWorkflows } from "./long-workflows.ts";
import { PooledGuest } from "./pooled-guest.ts";
import { createReclaimer } from "./reclaimer.ts";
import type { Reclaimer } from "./reclaimer.ts";
import { createStoredImages } from "./stored-images.ts";
import type { ImageSource, StoredImage, StoredImages } from "./stored-images.ts";
import { closed, threadCount, WorkerThreads } from "./worker-threads.ts";
import type { WorkerThreadsOptions } from "./worker-threads.ts";

export interface SandboxPoolOptions extends WorkerThreadsOptions {
  readonly engines: EngineSource;
  readonly artifacts: ImageSource;
  readonly observer?: SandboxObserver;
  /** Memory for compiled engines, an estimate. */
  readonly compiledEngineBytes?: number;
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

export interface AcquireRequest extends StoredImage {
  /** Limits over all turns of the execution. */
  readonly limits?: ExecutionLimits;
  /** Aborts the wait for a free instance. */
  readonly signal?: AbortSignal;
  /** The execution that the guest belongs to, as turn markers name it. */
  readonly owner?: string;
  /** Workflows that wait for an instance are served in turn. */
  readonly workflowId?: string;
  /** True for work that executions must not notice: its turns run on a thread of low priority. */
  readonly isBackground?: boolean;
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

/**
 * Instances for all executions of a process, on worker threads.
 *
 * It counts the instances in use and brings together what a guest needs: a decoded image, a thread to start on, and
 * another one to move to. It does not run turns (`pooled-guest.ts`) and does not start threads (`worker-threads.ts`).
 */
export class SandboxPool implements AsyncDisposable {
  readonly #maxInstances: number;
  readonly #observer: SandboxObserver;
  readonly #instances: FairSemaphore;
  readonly #images: StoredImages;
  readonly #reclaimer: Reclaimer;
  readonly #threads: WorkerThreads;
  readonly #longWorkflows = createLongWorkflows();
  readonly #firstTurns: FirstTurns;

  constructor(options: SandboxPoolOptions) {
    const { maxInstances = defaultMaxInstances, observer = noopObserver } = options;
    this.#maxInstances = maxInstances;
    this.#observer = observer;
    this.#instances = new FairSemaphore({ capacity: maxInstances, perKey: maxInstances });
    this.#images = createStoredImages(options.engines, options.artifacts, options.compiledEngineBytes);
    this.#reclaimer = createReclaimer(this.#instances);
    this.#threads = new WorkerThreads(options);
    this.#firstTurns = createFirstTurns(threadCount(options));
  }

  use(): SandboxPoolUse {
    const { taken, waiting } = this.#instances;
    return { instances: taken, maxInstances: this.#maxInstances, waiting };
  }

  /** Decodes an image ahead of its first use. Never rejects: a failure is reported by the first use. */
  async prepare(stored: StoredImage): Promise<void> {
    await this.#images.load(stored, () => {}).catch(() => {});
  }

  /**
   * Returns a guest with the image in it. Waits while all instances are in use: workflows are served in turn,
   * executions of one workflow in order of arrival.
   *
   * @throws {DuraniumError} `protocol-unsupported`, `engine-unavailable`, `artifact-missing`,
   *   `artifact-corrupt`, `worker-lost`
   * @throws the signal's reason
   */
  async acquire(request: AcquireRequest): Promise<Guest> {
    // Checked before the engine is loaded: an engine of an unsupported protocol may not even instantiate here.
    assertSupportedProtocol(request.protocolVersion);
    const taking = this.#instances.take(request.workflowId ?? "", request.signal);
    this.#reclaimer.look();
    const permit = await taking;
    const free = () => permit[Symbol.dispose]();
    try {
      const guest = await this.#open(request, () => {
        this.#reclaimer.remove(guest);
        free();
      });
      if (request.onWanted !== undefined) this.#reclaimer.add(guest, request.onWanted);
      return guest;
    } catch (error) {
      free();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#instances.close(closed());
    this.#firstTurns.close(closed());
    await this.#threads[Symbol.asyncDispose]();
  }

  async #open(request: AcquireRequest, onFree: () => void): Promise<PooledGuest> {
    const { workflowId = "", engineDigest, owner = "unknown", limits = defaultExecutionLimits } = request;
    const { onCrash = () => {}, signal, isBackground = false } = request;
    const { engine, image, key } = await this.#images.load(request, (wasCached) =>
      this.#observer.imageLookedUp(wasCached),
    );
    assertSupportedProtocol(image.protocolVersion);
    const isLong = () => isBackground || this.#longWorkflows.has(key);
    const placing = () => ({ engine, isLong: isLong() });
    return new PooledGuest({
      thread: this.#threads.place(placing()),
      otherThread: () => this.#threads.placeElsewhere(placing()),
      engineDigest,
      owner,
      image,
      limits,
      onFree,
      firstTurn: async () => await this.#firstTurns.take(workflowId, signal),
      isLong,
      onComputed: (computedMs) => this.#longWorkflows.add(key, computedMs),
      onCrash,
      observer: this.#observer,
    });
  }
}
