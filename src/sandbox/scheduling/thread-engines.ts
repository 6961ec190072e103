import type { Digest } from "../../base/digest.ts";
import type { LoadedEngine } from "../instances/instance.ts";

/** The engines that a thread has: the most recently used ones, and those that its guests use. */
export interface ThreadEngines {
  /**
   * Records the use of an engine.
   *
   * @param isNeeded true for the engine of a guest on the thread
   * @returns whether the thread does not have the engine yet, and which ones it should forget
   */
  use(
    engine: Pick<LoadedEngine, "digest" | "memory">,
    isNeeded: (digest: Digest) => boolean,
  ): { readonly isNew: boolean; readonly forgotten: readonly Digest[] };
}

/** @param maxBytes of the engines' initial memories, of which each thread has a copy */
export function createThreadEngines(maxBytes: number): ThreadEngines {
  // The least recently used one is the first.
  const engines = new Map<Digest, number>();
  return {
    use({ digest, memory }, isNeeded) {
      const isNew = !engines.delete(digest);
      engines.set(digest, memory.length);
      if (!isNew) return { isNew, forgotten: [] };
      let bytes = [...engines.values()].reduce((sum, each) => sum + each, 0);
      const forgotten: Digest[] = [];
      for (const [other, length] of engines) {
        if (bytes <= maxBytes) break;
        if (other === digest || isNeeded(other)) continue;
        engines.delete(other);
        forgotten.push(other);
        bytes -= length;
      }
      return { isNew, forgotten };
    },
  };
}
