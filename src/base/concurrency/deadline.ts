/**
 * A signal that aborts with another one, or when a timeout expires. The owner disposes it when the operation has ended. In
 * contrast, `AbortSignal.timeout` would keep its listeners alive until the timeout.
 */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** True if the timeout expired first. */
  readonly isOver: boolean;
}

export function startDeadline(outer: AbortSignal, durationMs: number): Deadline {
  const controller = new AbortController();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = !controller.signal.aborted;
    controller.abort(new DOMException("The operation timed out", "TimeoutError"));
  }, durationMs);
  const follow = () => controller.abort(outer.reason);
  if (outer.aborted) follow();
  outer.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    get isOver() {
      return isOver;
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      outer.removeEventListener("abort", follow);
    },
  };
}
