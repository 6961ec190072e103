/**
 * A signal that aborts when another does, or when the time is over. To be disposed of when what it is for has ended:
 * `AbortSignal.timeout` would keep that, and all that listens, until its time is over.
 */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** Whether it was the time. */
  readonly isOver: boolean;
}

export function startDeadline(outer: AbortSignal, durationMs: number): Deadline {
  const controller = new AbortController();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = !controller.signal.aborted;
    controller.abort(new DOMException("The time is over", "TimeoutError"));
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
