/** The timeout that `ctx.waitForEvent` and the promises of callbacks share. */
import { durationMs } from "./duration.ts";
import { clearTimer, setTimeout } from "../host/timers.ts";
import { AbortController, AbortSignal, signalOf, untilAborted } from "../platform/web/events/abort-signal.ts";
import type { WaitOptions } from "@duranium/workflow";

/**
 * Resolves to the value of `begin`, unless the signal of `options` aborts or the timeout expires first.
 *
 * @param what names the wait in messages: `The event "approved"`
 * @param begin starts the wait. Its `leave` is called when the wait is abandoned
 */
export async function waitAtMost<T>(
  what: string,
  options: WaitOptions | undefined,
  begin: () => { readonly answer: Promise<T>; readonly leave: () => unknown },
): Promise<T> {
  const signal = signalOf(options?.signal);
  const timeout = options?.timeout;
  const timeoutMs = timeout === undefined ? undefined : durationMs(timeout);
  signal?.throwIfAborted();
  const { answer, leave } = begin();
  if (timeoutMs === undefined)
    return await (signal === undefined ? answer : untilAborted(answer, signal, leave));
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(overdue(what, timeout)), timeoutMs);
  const either = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
  try {
    return await untilAborted(answer, either, leave);
  } finally {
    clearTimer(timer);
  }
}

function overdue(what: string, timeout: unknown): DOMException {
  return new DOMException(
    `${what} did not come within ${typeof timeout === "number" ? `${timeout} ms` : String(timeout)}`,
    "TimeoutError",
  );
}
