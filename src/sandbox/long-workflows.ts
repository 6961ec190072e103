import { longWorkflowForMs, maxLongWorkflows } from "../domain/limits.ts";

/** Which workflows had a turn a short while ago that took so long that its thread gave way. */
export interface LongWorkflows {
  add(key: string): void;
  has(key: string): boolean;
}

export function createLongWorkflows(): LongWorkflows {
  /** Since when, by `performance.now()`; in that order. */
  const since = new Map<string, number>();
  return {
    add(key) {
      since.delete(key);
      since.set(key, performance.now());
      const [oldest] = since.keys();
      if (since.size > maxLongWorkflows && oldest !== undefined) since.delete(oldest);
    },
    has: (key) => performance.now() - (since.get(key) ?? -Infinity) < longWorkflowForMs,
  };
}
