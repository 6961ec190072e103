/**
 * Rejections that nothing handles, as Node treats them: the engine keeps the promises that were rejected and have no
 * handler, a handler takes its promise out again, and what is left at the end of a turn ends the execution. After the
 * turn in which `run` returned, and where a workflow exports `unhandledRejections = "warn"`, they are written to the console only.
 */
import { reportUnhandledRejection } from "./completion.ts";

// oxlint-disable-next-line typescript/unbound-method -- applied to promises below
const { then } = Promise.prototype;
// oxlint-disable-next-line typescript/unbound-method -- applied to the set below
const { clear, forEach } = Set.prototype;

/** Of one turn: the first ends the execution, and each is a line of the console. */
const maxReported = 10;

let promises: Set<unknown> | undefined;

/** @param rejected the engine's own set: the promises that were rejected and have no handler */
export function watchRejections(rejected: Set<unknown>): void {
  promises = rejected;
}

export function resetRejections(): void {
  if (promises !== undefined) Reflect.apply(clear, promises, []);
}

/** At the end of a turn. The reports are microtasks. */
export function reportRejections(): void {
  if (promises === undefined || promises.size === 0) return;
  const found: unknown[] = [];
  Reflect.apply(forEach, promises, [(promise: unknown) => void found.push(promise)]);
  resetRejections();
  for (const promise of found.slice(0, maxReported)) {
    try {
      void Reflect.apply(then, promise, [undefined, reportRejection]);
    } catch (error) {
      // The class of a promise is looked up on it.
      reportRejection(error);
    }
  }
}

/** The calls of a cancelled execution reject, awaited or not. */
function reportRejection(reason: unknown): void {
  const isCancellation = reason instanceof Error && Reflect.get(reason, "code") === "cancelled";
  if (!isCancellation) reportUnhandledRejection(reason);
}
