import type { Image } from "./image.ts";
import { createInstance } from "./instance.ts";
import type { Instance, LoadedEngine } from "./instance.ts";

/** Instances that wait for their next workflow, up to a number; the one that waits longest goes first. */
export interface IdleInstances {
  /** One with the image in it: an idle one that it fits, else a new one. */
  take(engine: LoadedEngine, image: Image): Instance;
  /** Keeps the instance, unless it must not be used again. */
  giveBack(instance: Instance): void;
}

export function createIdleInstances(maxIdle: number): IdleInstances {
  const idle: Instance[] = [];
  return {
    take(engine, image) {
      const instance = takeFitting(idle, engine, image) ?? createInstance(engine);
      instance.reset(image);
      return instance;
    },
    giveBack(instance) {
      if (instance.isReusable) idle.push(instance);
      if (idle.length > maxIdle) idle.shift();
    },
  };
}

/** The largest memory that is not too large, so that the smaller ones stay for smaller images. */
function takeFitting(idle: Instance[], engine: LoadedEngine, image: Image): Instance | undefined {
  const [best] = idle
    .filter(
      ({ engineDigest, memoryBytes }) => engineDigest === engine.digest && memoryBytes <= image.memoryBytes,
    )
    .toSorted((a, b) => b.memoryBytes - a.memoryBytes);
  if (best !== undefined) idle.splice(idle.indexOf(best), 1);
  return best;
}
