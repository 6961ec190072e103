import type { Waiting } from "../../host/retry-clock.ts";
import type { ClockMode } from "../contract/preview.ts";
import { createTimerQueue } from "./timer-queue.ts";
import type { ScheduledTimer } from "./timer-queue.ts";

/**
 * The clock of a run and its timers.
 *
 * 1. It never goes back.
 * 2. It stands still unless time is let pass: by skipping to the next timer (`skip`), by wall-clock time (`real`, and in
 *    the mode `skip` while a request is sent), or by `advance`.
 * 3. Timers that are due at the same time fire by their rank, and then in the order in which they were scheduled.
 * 4. Time is only skipped while the guest waits, no work is in progress, and no external input is pending.
 */
export interface VirtualClock extends Waiting, Disposable {
  /** Milliseconds since the Unix epoch, whole. */
  now(): number;
  setMode(mode: ClockMode): void;
  /** Calls `fire` once, when the clock reaches this time. */
  schedule(time: number, fire: () => void, rank?: number): ScheduledTimer;
  /** When the next active timer is due. */
  readonly nextDue: number | undefined;
  advance(durationMs: number): void;
  advanceToNext(): void;
  /** Lets this time pass at once. Everything that is due in between fires after it, in order. */
  jump(durationMs: number): void;
  /** Whether the guest waits: time is only skipped then. */
  setGuestWaiting(isWaiting: boolean): void;
  /** Marks work outside of the guest, during which time is not skipped. */
  work(): Disposable;
  /** Waits for a promise in the middle of such work without counting as work. */
  park<T>(promise: Promise<T>): Promise<T>;
  /** Lets wall-clock time pass while a request is sent, except in the mode `manual`. */
  flow(): Disposable;
  /** True if nothing will happen without external input. */
  readonly isIdle: boolean;
}

export interface VirtualClockOptions {
  readonly startAt: number;
  readonly mode: ClockMode;
  /** Whether the guest waits for external input: time is not skipped then. */
  readonly isBlocked: () => boolean;
  readonly onChange: () => void;
}

/** The host's timers overflow above this. */
const maxTimerMs = 2 ** 31 - 1;

export function createVirtualClock(options: VirtualClockOptions): VirtualClock {
  return new RunClock(options);
}

/** A time that stands still, or passes with the wall clock. */
class PassingTime {
  #base: number;
  /** By `performance.now()`; `undefined` while the time stands still. */
  #passesSince: number | undefined;

  constructor(startAt: number) {
    this.#base = startAt;
  }

  get now(): number {
    if (this.#passesSince === undefined) return this.#base;
    return this.#base + Math.floor(performance.now() - this.#passesSince);
  }

  get isPassing(): boolean {
    return this.#passesSince !== undefined;
  }

  setPassing(isPassing: boolean): void {
    if (isPassing === this.isPassing) return;
    this.#base = this.now;
    this.#passesSince = isPassing ? performance.now() : undefined;
  }

  jumpTo(time: number): void {
    this.#base = Math.max(this.now, time);
    if (this.isPassing) this.#passesSince = performance.now();
  }
}

class RunClock implements VirtualClock {
  readonly #time: PassingTime;
  readonly #timers = createTimerQueue();
  readonly #isBlocked: () => boolean;
  readonly #onChange: () => void;
  #mode: ClockMode;
  /** Up to where `advance` lets time pass. */
  #horizon: number | undefined;
  #isGuestWaiting = false;
  #works = 0;
  #flows = 0;
  #hostTimer: ReturnType<typeof setTimeout> | undefined;
  #isTickDue = false;
  #isDisposed = false;

  constructor({ startAt, mode, isBlocked, onChange }: VirtualClockOptions) {
    this.#time = new PassingTime(startAt);
    this.#mode = mode;
    this.#isBlocked = isBlocked;
    this.#onChange = onChange;
  }

  now(): number {
    return this.#time.now;
  }

  elapsed(): number {
    return this.#time.now;
  }

  setMode(mode: ClockMode): void {
    this.#mode = mode;
    this.#adjust();
  }

  schedule(time: number, fire: () => void, rank?: number): ScheduledTimer {
    const timer = this.#timers.add(time, fire, rank);
    this.#adjust();
    return timer;
  }

  get nextDue(): number | undefined {
    return this.#timers.nextActiveDue;
  }

  advance(durationMs: number): void {
    this.#horizon = this.now() + Math.max(0, durationMs);
    this.#adjust();
  }

  advanceToNext(): void {
    this.#horizon = this.#timers.nextActiveDue ?? this.#horizon;
    this.#adjust();
  }

  jump(durationMs: number): void {
    this.#jumpTo(this.now() + durationMs);
  }

  setGuestWaiting(isWaiting: boolean): void {
    this.#isGuestWaiting = isWaiting;
    this.#adjust();
  }

  work(): Disposable {
    return counted((by) => this.#countWorks(by));
  }

  async park<T>(promise: Promise<T>): Promise<T> {
    this.#countWorks(-1);
    return await promise.finally(() => this.#countWorks(1));
  }

  flow(): Disposable {
    return counted((by) => {
      this.#flows += by;
      this.#adjust();
    });
  }

  get isIdle(): boolean {
    if (!this.#isGuestWaiting || this.#works > 0 || this.#horizon !== undefined) return false;
    if (this.#timers.nextActiveDue === undefined || this.#mode === "manual") return true;
    return this.#mode === "skip" && this.#isBlocked();
  }

  async wait(durationMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = this.schedule(this.now() + durationMs, resolve);
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    await this.park(promise).finally(() => {
      timer.cancel();
      signal.removeEventListener("abort", abort);
    });
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#timers.clear();
    this.#adjust();
  }

  #countWorks(by: number): void {
    this.#works += by;
    this.#adjust();
  }

  /** Lets time pass or stand still as the state requires, and then checks whether time can be skipped. */
  #adjust(): void {
    const isReal = this.#mode === "real" || (this.#mode === "skip" && this.#flows > 0);
    this.#time.setPassing(isReal && !this.#isDisposed);
    clearTimeout(this.#hostTimer);
    const { due } = this.#timers;
    if (this.#time.isPassing && due !== undefined) {
      const delayMs = Math.min(Math.max(1, due - this.now()), maxTimerMs);
      this.#hostTimer = setTimeout(() => this.#fireDue(), delayMs);
    }
    if (!this.#isTickDue) queueMicrotask(() => this.#tick());
    this.#isTickDue = true;
  }

  #fireDue(): void {
    const time = this.now();
    for (let due = this.#timers.take(time); due !== undefined; due = this.#timers.take(time)) due.fire();
    this.#adjust();
  }

  #jumpTo(time: number): void {
    this.#time.jumpTo(time);
    this.#fireDue();
  }

  /** Up to where time may be skipped now; `undefined` if it must not be skipped. */
  get #limit(): number | undefined {
    if (this.#horizon !== undefined) return this.#horizon;
    return this.#mode === "skip" && this.#works === 0 && !this.#isBlocked() ? Infinity : undefined;
  }

  #tick(): void {
    this.#isTickDue = false;
    if (!this.#isGuestWaiting || this.#isDisposed) return;
    const [limit, due] = [this.#limit, this.#timers.nextActiveDue];
    if (limit === undefined) return this.#onChange();
    if (due !== undefined && due <= limit) return this.#jumpTo(due);
    if (this.#horizon === undefined) return this.#onChange();
    this.#horizon = undefined;
    this.#jumpTo(limit);
    this.#onChange();
  }
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
