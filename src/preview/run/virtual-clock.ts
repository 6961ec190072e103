import type { Waiting } from "../../host/retry-clock.ts";
import type { ClockMode } from "../contract/preview.ts";
import { createTimerQueue } from "./timer-queue.ts";
import type { ScheduledTimer } from "./timer-queue.ts";

/**
 * The clock of a run, and what is due by it.
 *
 * It stands still unless time is let pass: by skipping to what is due next (`skip`), by the clock on the wall (`real`, and
 * while something is asked of the network), or by somebody (`advance`). It never goes back. What is due at the same time
 * rings in the order in which it was asked for.
 */
export interface VirtualClock extends Waiting, Disposable {
  /** Milliseconds since the Unix epoch, whole. */
  now(): number;
  setMode(mode: ClockMode): void;
  /** Rings once. */
  alarm(time: number, ring: () => void): ScheduledTimer;
  /** When the next alarm is due that is wanted. */
  readonly nextDue: number | undefined;
  advance(durationMs: number): void;
  advanceToNext(): void;
  /** Says whether the guest waits: only then is time skipped. */
  setGuestWaiting(isWaiting: boolean): void;
  /** Something is done outside of the guest, for which time is not skipped. */
  work(): Disposable;
  /** In the middle of such work, waits for what takes no work. */
  park<T>(promise: Promise<T>): Promise<T>;
  /** Time passes as usual while the network is asked. Not in the mode `manual`. */
  flow(): Disposable;
  /** Whether nothing will happen unless somebody does something. */
  readonly isIdle: boolean;
}

export interface VirtualClockOptions {
  readonly startAt: number;
  readonly mode: ClockMode;
  /** Whether somebody outside may do what the guest waits for: time is not skipped then. */
  readonly isBlocked: () => boolean;
  readonly onChange: () => void;
}

/** A turn of the host's timers: longer ones overflow. */
const maxTimerMs = 2 ** 31 - 1;

export function createVirtualClock(options: VirtualClockOptions): VirtualClock {
  const { isBlocked, onChange } = options;
  const timers = createTimerQueue();
  let { mode } = options;
  /** What it showed when it began to pass, or shows while it stands. */
  let base = options.startAt;
  /** By `performance.now()`, while it passes. */
  let passesSince: number | undefined;
  /** How far somebody lets it go. */
  let horizon: number | undefined;
  let isGuestWaiting = false;
  let works = 0;
  let flows = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isTickDue = false;
  let isOver = false;

  function now(): number {
    return passesSince === undefined ? base : base + Math.floor(performance.now() - passesSince);
  }

  /** Makes it pass or stand, as it should by now, and looks whether there is something to skip to. */
  function adjust(): void {
    const shouldPass = !isOver && (mode === "real" || (mode === "skip" && flows > 0));
    if (shouldPass !== (passesSince !== undefined)) {
      base = now();
      passesSince = shouldPass ? performance.now() : undefined;
    }
    clearTimeout(timer);
    const { due } = timers;
    if (passesSince !== undefined && due !== undefined)
      timer = setTimeout(ringDue, Math.min(Math.max(1, due - now()), maxTimerMs));
    if (!isTickDue) queueMicrotask(tick);
    isTickDue = true;
  }

  function ringDue(): void {
    const time = now();
    for (let due = timers.take(time); due !== undefined; due = timers.take(time)) due.ring();
    adjust();
  }

  function jumpTo(time: number): void {
    base = Math.max(now(), time);
    if (passesSince !== undefined) passesSince = performance.now();
    ringDue();
  }

  function limit(): number | undefined {
    if (horizon !== undefined) return horizon;
    return mode === "skip" && works === 0 && !isBlocked() ? Infinity : undefined;
  }

  function tick(): void {
    isTickDue = false;
    if (!isGuestWaiting || isOver) return;
    const [far, due] = [limit(), timers.nextActiveDue];
    if (far === undefined) return onChange();
    if (due !== undefined && due <= far) return jumpTo(due);
    if (horizon === undefined) return onChange();
    horizon = undefined;
    jumpTo(far);
    onChange();
  }

  const countWorks = (by: number): void => {
    works += by;
    adjust();
  };
  const clock: VirtualClock = {
    now,
    elapsed: now,
    setMode(given) {
      mode = given;
      adjust();
    },
    alarm(time, ring) {
      const alarm = timers.add(time, ring);
      adjust();
      return alarm;
    },
    get nextDue() {
      return timers.nextActiveDue;
    },
    advance(durationMs) {
      horizon = now() + Math.max(0, durationMs);
      adjust();
    },
    advanceToNext() {
      horizon = timers.nextActiveDue ?? horizon;
      adjust();
    },
    setGuestWaiting(isWaiting) {
      isGuestWaiting = isWaiting;
      adjust();
    },
    work: () => counted(countWorks),
    async park(promise) {
      countWorks(-1);
      return await promise.finally(() => countWorks(1));
    },
    flow: () =>
      counted((by) => {
        flows += by;
        adjust();
      }),
    get isIdle() {
      if (!isGuestWaiting || works > 0 || horizon !== undefined) return false;
      return timers.nextActiveDue === undefined || mode === "manual" || (mode === "skip" && isBlocked());
    },
    async wait(durationMs, signal) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const alarm = clock.alarm(now() + durationMs, resolve);
      const giveUp = () => reject(signal.reason);
      signal.addEventListener("abort", giveUp, { once: true });
      await clock.park(promise).finally(() => {
        alarm.cancel();
        signal.removeEventListener("abort", giveUp);
      });
    },
    [Symbol.dispose]() {
      isOver = true;
      timers.clear();
      adjust();
    },
  };
  return clock;
}

function counted(count: (by: number) => void): Disposable {
  let isDone = false;
  count(1);
  return {
    [Symbol.dispose]() {
      if (!isDone) count(-1);
      isDone = true;
    },
  };
}
