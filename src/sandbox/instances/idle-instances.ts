import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Image } from "./engine-state.ts";
import { createInstance } from "./instance.ts";
import type { Instance, LoadedEngine } from "./instance.ts";

/** How long an idle instance waits for its next workflow before its memory is freed. */
const idleInstanceTimeoutMs = 60_000;

/** Instances that no workflow uses, kept because resetting an instance is much faster than creating one. */
export interface IdleInstances {
  /** Returns an instance with the image in it: an idle one that fits, otherwise a new one. */
  take(engine: LoadedEngine, image: Image, limits?: ExecutionLimits): Instance;
  /** Keeps the instance for reuse, unless it is not reusable. */
  giveBack(instance: Instance): void;
}

interface IdleInstance {
  readonly instance: Instance;
  /** In the time of `performance.now()`. */
  readonly since: number;
}

/** @param maxInstances the maximum number of instances, idle and in use */
export function createIdleInstances(maxInstances: number): IdleInstances {
  // In the order of release: the first has been idle for longest.
  const idle: IdleInstance[] = [];
  let inUse = 0;
  dropUnused(idle);
  return {
    take(engine, image, limits) {
      const instance = takeFitting(idle, engine, image) ?? createInstance(engine);
      inUse += 1;
      makeRoom(idle, maxInstances - inUse);
      instance.reset(image, limits);
      return instance;
    },
    giveBack(instance) {
      inUse -= 1;
      if (!instance.isReusable) return;
      const returned = { instance, since: performance.now() };
      idle.push(returned);
      makeRoom(idle, maxInstances - inUse);
      // Deferred until the messages that are already queued were handled, so that the next execution starts
      // sooner.
      setImmediate(() => {
        if (idle.includes(returned)) instance.rewind();
      });
    },
  };
}

/** Releases the memory of instances that were idle for a while. */
function dropUnused(idle: IdleInstance[]): void {
  const drop = () => {
    const used = idle.findIndex(({ since }) => performance.now() - since < idleInstanceTimeoutMs);
    idle.splice(0, used === -1 ? idle.length : used);
  };
  setInterval(drop, idleInstanceTimeoutMs / 2).unref();
}

/**
 * Takes the largest memory that is not larger than the image, so that smaller ones stay for smaller images.
 * In a larger memory the engine would behave the same, but an out-of-bounds access would read zeros instead
 * of trapping.
 */
function takeFitting(idle: IdleInstance[], engine: LoadedEngine, image: Image): Instance | undefined {
  let best: IdleInstance | undefined;
  // A single loop without allocations, because it runs for each execution over all idle instances.
  for (const each of idle) {
    if (!fits(each, engine, image)) continue;
    if (best === undefined || rank(each, best, image) > 0) best = each;
  }
  if (best !== undefined) idle.splice(idle.indexOf(best), 1);
  return best?.instance;
}

function fits({ instance }: IdleInstance, engine: LoadedEngine, image: Image): boolean {
  return instance.engineDigest === engine.digest && instance.memoryBytes <= image.memoryBytes;
}

/**
 * Positive if `one` is better: the larger memory, then the one that holds the image, then the one used last.
 */
function rank(one: IdleInstance, other: IdleInstance, image: Image): number {
  return (
    one.instance.memoryBytes - other.instance.memoryBytes ||
    Number(one.instance.holds(image)) - Number(other.instance.holds(image)) ||
    one.since - other.since
  );
}

function makeRoom(idle: IdleInstance[], count: number): void {
  idle.splice(0, Math.max(0, idle.length - Math.max(0, count)));
}
