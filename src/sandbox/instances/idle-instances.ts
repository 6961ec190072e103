import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import { idleInstanceTimeoutMs } from "../../domain/limits.ts";
import type { Image } from "./engine-state.ts";
import { createInstance } from "./instance.ts";
import type { Instance, LoadedEngine } from "./instance.ts";

/** Instances between two workflows: making one takes ten times as long as resetting one. */
export interface IdleInstances {
  /** One with the image in it: an idle one that it fits, else a new one. */
  take(engine: LoadedEngine, image: Image, limits?: ExecutionLimits): Instance;
  /** Keeps the instance for a while, unless it must not be used again. */
  giveBack(instance: Instance): void;
}

interface IdleInstance {
  readonly instance: Instance;
  /** By `performance.now()`. */
  readonly since: number;
}

/** @param maxInstances how many there may be, idle ones and those in use together */
export function createIdleInstances(maxInstances: number): IdleInstances {
  // In the order in which they came: the first waits longest.
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
      // Once what was asked for meanwhile is done: the next execution then begins sooner.
      setImmediate(() => {
        if (idle.includes(returned)) instance.rewind();
      });
    },
  };
}

/** Gives memory back some time after it was needed. */
function dropUnused(idle: IdleInstance[]): void {
  const drop = () => {
    const used = idle.findIndex(({ since }) => performance.now() - since < idleInstanceTimeoutMs);
    idle.splice(0, used === -1 ? idle.length : used);
  };
  setInterval(drop, idleInstanceTimeoutMs / 2).unref();
}

/**
 * The largest memory that is not too large, so that the smaller ones stay for smaller images. In one that is too
 * large the engine would do the same, but a wild access of it would find zeros where it has to be stopped.
 */
function takeFitting(idle: IdleInstance[], engine: LoadedEngine, image: Image): Instance | undefined {
  let best: IdleInstance | undefined;
  // One loop and nothing made: it is done for each execution, over as many as there are.
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

/** Above zero where `one` is better: the larger one, then one that holds the image already, then the one that was used last. */
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
