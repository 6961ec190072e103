/**
 * Unhandled rejections, with the semantics of Node. The engine keeps a set of the rejected promises without a
 * handler and removes a promise when it gets one. The promises left at the end of a turn end the execution. They
 * are only written to the console after the turn in which `run` returned, or if a workflow exports
 * `unhandledRejections = "warn"`.
 */
import { reportUnhandledRejection } from "./completion.ts";

// oxlint-disable-next-line typescript/unbound-method -- applied to promises below
const { then } = Promise.prototype;
// oxlint-disable-next-line typescript/unbound-method -- applied to the set below
const { clear, forEach } = Set.prototype;

/** Rejections reported per turn. The first ends the execution, and each is written to the console. */
const maxReported = 10;

let promises: Set<unknown> | undefined;

/** @param rejected the engine's own set of rejected promises without a handler */
export function watchRejections(rejected: Set<unknown>): void {
  promises = rejected;
}

export function resetRejections(): void {
  if (promises !== undefined) Reflect.apply(clear, promises, []);
}

/** Called at the end of a turn. The reports are microtasks. */
export function reportRejections(): void {
  if (promises === undefined || promises.size === 0) return;
  const found: unknown[] = [];
  Reflect.apply(forEach, promises, [(promise: unknown) => void found.push(promise)]);
  resetRejections();
  for (const promise of found.slice(0, maxReported)) {
    try {
      void Reflect.apply(then, promise, [undefined, reportRejection]);
    } catch (error) {
      // Reading the class of a promise may call the workflow's code, which may throw.
      reportRejection(error);
    }
  }
}

/**
 * Rejections of a cancelled execution's host calls are not reported, because all of them reject, awaited or not.
 */
function reportRejection(reason: unknown): void {
  const isCancellation = reason instanceof Error && Reflect.get(reason, "code") === "cancelled";
  if (!isCancellation) reportUnhandledRejection(reason);
}
