import { availableParallelism } from "node:os";
import { DuraniumError } from "../domain/errors.ts";
import type { Digest } from "../domain/ids.ts";
import {
  maxCachedImageBytes,
  maxInstances,
  turnTimeoutMs as defaultTurnTimeoutMs,
} from "../domain/limits.ts";
import type { Guest } from "../host/guest.ts";
import { createEngineLoader } from "./engine-loader.ts";
import type { EngineSource } from "./engine-loader.ts";
import { createImageCache } from "./image-cache.ts";
import { decodeImage } from "./image.ts";
import { createPooledGuest } from "./pooled-guest.ts";
import { protocolVersion } from "./protocol-version.ts";
import { createSlots } from "./slots.ts";
import { WorkerThread } from "./worker-thread.ts";

/** Where stored images come from. */
export interface ImageSource {
  /** @throws {DuraniumError} `artifact-missing`, `artifact-corrupt` */
  get(digest: Digest): Promise<Uint8Array>;
}

export interface SandboxPoolOptions {
  readonly engines: EngineSource;
  readonly artifacts: ImageSource;
  /** Threads that run guests. One core is left to the thread that everything else runs on. */
  readonly workers?: number;
  readonly maxInstances?: number;
  readonly turnTimeoutMs?: number;
}

export interface AcquireRequest {
  readonly imageDigest: Digest;
  readonly engineDigest: Digest;
  /** Ends the wait for a free instance. */
  readonly signal?: AbortSignal;
}

/** Instances for all executions of a process, on worker threads. */
export interface SandboxPool extends AsyncDisposable {
  /**
   * A guest with the image in it. Waits, first come, first served, while all instances are in use.
   *
   * @throws {DuraniumError} `engine-unavailable`, `artifact-missing`, `artifact-corrupt`, `worker-lost`
   * @throws the signal's reason
   */
  acquire(request: AcquireRequest): Promise<Guest>;
}

export function createSandboxPool(options: SandboxPoolOptions): SandboxPool {
  const engines = createEngineLoader(options.engines);
  const images = createImageCache(maxCachedImageBytes);
  const slots = createSlots(options.maxInstances ?? maxInstances);
  const threads = startThreads(options);

  async function open({ imageDigest, engineDigest }: AcquireRequest, onFree: () => void): Promise<Guest> {
    const engine = await engines.load(engineDigest);
    const image = await images.get(`${imageDigest} ${engineDigest}`, async () =>
      decodeImage(await options.artifacts.get(imageDigest), engine),
    );
    requireProtocol(image.protocolVersion);
    const thread = threads.leastBusy();
    thread.provide(engine);
    return createPooledGuest({ thread, engineDigest, image, onFree });
  }

  return {
    async acquire(request) {
      const slot = await slots.take(request.signal);
      const free = () => slot[Symbol.dispose]();
      try {
        return await open(request, free);
      } catch (error) {
        free();
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      slots.close(closed());
      await threads[Symbol.asyncDispose]();
    },
  };
}

interface Threads extends AsyncDisposable {
  /** The thread with the fewest guests. Threads that ended are replaced. */
  leastBusy(): WorkerThread;
}

function startThreads(options: SandboxPoolOptions): Threads {
  const count = options.workers ?? Math.max(1, availableParallelism() - 1);
  const start = (index: number) =>
    new WorkerThread({
      name: `sandbox ${index + 1}`,
      turnTimeoutMs: options.turnTimeoutMs ?? defaultTurnTimeoutMs,
      maxInstances: Math.ceil((options.maxInstances ?? maxInstances) / count),
    });
  let isClosed = false;
  let threads = Array.from({ length: count }, (_, index) => start(index));
  return {
    leastBusy() {
      if (isClosed) throw closed();
      threads = threads.map((thread, index) => (thread.hasEnded ? start(index) : thread));
      return threads.reduce((least, thread) => (thread.guestCount < least.guestCount ? thread : least));
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await Promise.all(threads.map((thread) => thread[Symbol.asyncDispose]()));
    },
  };
}

function requireProtocol(version: number): void {
  if (version === protocolVersion) return;
  throw new DuraniumError(
    "engine-unavailable",
    `Cannot execute an image that speaks protocol ${version}: this release speaks ${protocolVersion}; deploy the workflow again`,
  );
}

function closed(): DuraniumError {
  return new DuraniumError("worker-lost", "Cannot begin an execution: the sandbox is closed");
}
