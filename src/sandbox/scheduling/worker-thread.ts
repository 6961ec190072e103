import { rmSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import type { Digest } from "../../base/digest.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { LoadedEngine } from "../instances/instance.ts";
import { workerStackMb } from "../threads/start-thread.ts";
import { startThread } from "../threads/start-thread.ts";
import { computedMs, lowerPriority } from "../threads/thread-priority.ts";
import { lowerPriorityAfterMs, longTurnMs, maxThreadEngineBytes } from "./limits.ts";
import type {
  CancelMessage,
  FromWorker,
  RunMessage,
  SettleMessage,
  ToWorker,
  TurnEnd,
  WorkerSetup,
} from "./messages.ts";
import { createThreadEngines } from "./thread-engines.ts";
import { createTurnClock } from "./turn-clock.ts";

export interface WorkerThreadOptions {
  /** Shown by debuggers and profilers. */
  readonly name: string;
  readonly turnTimeoutMs: number;
  readonly maxInstances: number;
  /** The file in which the thread marks the execution whose turn it runs. It is removed with the thread. */
  readonly turnMarkers?: string | undefined;
}

export type TurnRequest =
  | Omit<RunMessage, "turn">
  | Omit<SettleMessage, "turn">
  | Omit<CancelMessage, "turn">;

/** @param computedMs processor time of one turn, in milliseconds */
export type OnComputed = (computedMs: number) => void;

/**
 * Returned for a turn that did not run because a turn of another guest takes long. It can run on another
 * thread.
 */
export const preempted = Symbol("preempted");

interface PendingTurn extends PromiseWithResolvers<TurnEnd | typeof preempted> {
  readonly guest: number;
  readonly isMovable: boolean;
}

/**
 * A worker thread, seen from the pool.
 *
 * It owns the thread, the turns that wait for it, and the watch over the turn that runs. It does not own
 * instances (the thread does, see `worker.ts`) and does not decide where a guest is placed
 * (`worker-threads.ts`).
 *
 * Invariants:
 *
 * 1. A turn resolves once: with its end, with `preempted`, or with the error that ended the thread.
 * 2. The thread ends when it is disposed, when it exits, or when a turn exceeds the turn timeout. A thread in
 *    a loop processes no messages, so every guest with an instance on it is lost.
 * 3. Only the turn that runs is blamed for a timeout or a crash; the turns that wait behind it fail with
 *    `worker-lost`.
 * 4. A turn that computes for `longTurnMs` preempts the movable turns that wait behind it.
 * 5. A turn that computes for `lowerPriorityAfterMs` lowers the thread's priority permanently: the thread is
 *    then for guests that are known to take long.
 */
export class WorkerThread implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #clock = createTurnClock();
  readonly #turnTimeoutMs: number;
  readonly #turnMarkers: string | undefined;
  readonly #pending = new Map<number, PendingTurn>();
  readonly #engines = createThreadEngines(maxThreadEngineBytes);
  /** The callback of each guest for the time that its turns compute, and its engine. */
  readonly #guests = new Map<number, { readonly onComputed: OnComputed; readonly engine?: Digest }>();
  #opened = 0;
  #turns = 0;
  #watch: NodeJS.Timeout | undefined;
  #lost: DuraniumError | undefined;
  #isLowPriority = false;
  /** A turn that may be long, and the thread's computed time at the first check that saw it. */
  #suspect: { readonly turn: number; readonly sinceMs: number } | undefined;
  /** The turn that is known to be long. */
  #long: number | undefined;
  #lastClosedAt = performance.now();

  constructor({ name, turnTimeoutMs, maxInstances, turnMarkers }: WorkerThreadOptions) {
    const setup: WorkerSetup = { turnClock: this.#clock.shared, maxInstances, turnMarkers };
    this.#turnMarkers = turnMarkers;
    this.#turnTimeoutMs = turnTimeoutMs;
    this.#worker = startThread(new URL("./worker.ts", import.meta.url), {
      name,
      workerData: setup,
      // A thread that runs workflow code must not see the secrets in the process environment.
      env: {},
      resourceLimits: { stackSizeMb: workerStackMb },
    });
    this.#worker.on("message", (message: FromWorker) => this.#settle(message));
    this.#worker.on("messageerror", (error) => this.#end(error));
    this.#worker.on("error", (error) => this.#crash(error));
    this.#worker.on("exit", (code) => this.#crash(new Error(`The thread exited with ${code}`)));
  }

  get hasEnded(): boolean {
    return this.#lost !== undefined;
  }

  /** True if a turn of a new guest would run soon. */
  get isOpen(): boolean {
    return this.#lost === undefined && this.#longTurn() === undefined;
  }

  /** True if the operating system runs this thread at a lower priority than the others. */
  get isLowPriority(): boolean {
    return this.#isLowPriority;
  }

  get guestCount(): number {
    return this.#guests.size;
  }

  /** How long the thread has had no guest, in milliseconds. */
  get idleMs(): number {
    return this.#guests.size > 0 ? 0 : performance.now() - this.#lastClosedAt;
  }

  /** Lowers the thread's priority permanently. */
  lowerPriority(): void {
    if (this.#isLowPriority) return;
    this.#isLowPriority = true;
    lowerPriority(this.#clock.systemThread);
  }

  /**
   * Sends an engine to the thread, unless it has it. The thread may forget engines that were used less recently and that
   * no guest on it uses, so a guest is opened in the same turn of the event loop.
   */
  provide(engine: LoadedEngine): void {
    const isNeeded = (digest: Digest) => [...this.#guests.values()].some((guest) => guest.engine === digest);
    const { isNew, forgotten } = this.#engines.use(engine, isNeeded);
    for (const digest of forgotten) this.#post({ kind: "forget", digest });
    if (isNew) this.#post({ kind: "engine", digest: engine.digest, module: engine.module });
  }

  /**
   * @param isMovable true if the guest can move to another thread; otherwise the turn waits, however long the
   *   turn before it takes
   * @throws {DuraniumError} `turn-timeout`, `executor-crashed`, `worker-lost`
   */
  async turn(request: TurnRequest, isMovable = false): Promise<TurnEnd | typeof preempted> {
    if (this.#lost !== undefined) throw this.#lost;
    if (isMovable && this.#isBlockedBy(request.guest)) return preempted;
    const turn = ++this.#turns;
    this.#post({ ...request, turn });
    const pending = {
      ...Promise.withResolvers<TurnEnd | typeof preempted>(),
      guest: request.guest,
      isMovable,
    };
    this.#pending.set(turn, pending);
    this.#keepWatch();
    return pending.promise;
  }

  /**
   * Returns a number for a guest that will live on this thread.
   *
   * @param onComputed called when a turn has ended, and during a turn when it lowers the thread's priority
   * @param engine that it runs on, which the thread keeps until the guest is closed
   */
  open(onComputed: OnComputed = () => {}, engine?: Digest): number {
    const guest = ++this.#opened;
    this.#guests.set(guest, engine === undefined ? { onComputed } : { onComputed, engine });
    return guest;
  }

  close(guest: number): void {
    this.#guests.delete(guest);
    this.#lastClosedAt = performance.now();
    this.#post({ kind: "close", guest });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end(new Error("The sandbox was closed"));
    await this.#worker.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message, []);
  }

  #settle(message: FromWorker): void {
    const result = this.#pending.get(message.turn);
    if (result === undefined) return;
    this.#pending.delete(message.turn);
    this.#guests.get(result.guest)?.onComputed(message.computedMs);
    result.resolve(message);
  }

  /** Checks the turn clock periodically while a turn is pending. */
  #keepWatch(): void {
    const intervalMs = Math.min(longTurnMs, this.#turnTimeoutMs / 4);
    this.#watch ??= setTimeout(() => {
      this.#watch = undefined;
      this.#look();
      if (this.#pending.size > 0) this.#keepWatch();
    }, intervalMs);
  }

  #look(): void {
    const turn = this.#clock.overdue(longTurnMs);
    if (turn === undefined) return;
    const computed = this.#computedIn(turn);
    if (computed >= longTurnMs) {
      this.#long = turn;
      this.#preempt(turn);
    }
    if (computed >= lowerPriorityAfterMs) this.#reportLongTurn(turn);
    const overdue = this.#clock.overdue(this.#turnTimeoutMs);
    if (overdue !== undefined) this.#stop(overdue);
  }

  #reportLongTurn(turn: number): void {
    const guest = this.#pending.get(turn)?.guest;
    if (guest !== undefined) this.#guests.get(guest)?.onComputed(lowerPriorityAfterMs);
    this.lowerPriority();
  }

  /** Processor time since the first check that saw this turn. */
  #computedIn(turn: number): number {
    const nowMs = computedMs(this.#clock.systemThread);
    if (this.#suspect?.turn !== turn) this.#suspect = { turn, sinceMs: nowMs };
    return nowMs - this.#suspect.sinceMs;
  }

  #longTurn(): number | undefined {
    return this.#long !== undefined && this.#clock.overdue(0) === this.#long ? this.#long : undefined;
  }

  #isBlockedBy(guest: number): boolean {
    const long = this.#longTurn();
    return long !== undefined && this.#pending.get(long)?.guest !== guest;
  }

  #preempt(long: number): void {
    const holder = this.#pending.get(long)?.guest;
    for (const [turn, { guest, isMovable, resolve }] of this.#pending) {
      if (!isMovable || guest === holder || turn === long) continue;
      this.#clock.withdraw(turn);
      this.#pending.delete(turn);
      resolve(preempted);
    }
  }

  #stop(turn: number): void {
    const message = `Turn timed out after ${this.#turnTimeoutMs} ms`;
    this.#pending.get(turn)?.reject(new DuraniumError("turn-timeout", message));
    this.#pending.delete(turn);
    this.#end(new Error("A turn of another workflow on the same thread timed out"));
  }

  /**
   * A thread that exits in a turn leaves that turn running on the shared clock: that turn crashed the thread.
   */
  #crash(cause: unknown): void {
    const turn = this.#lost === undefined ? this.#clock.overdue(0) : undefined;
    if (turn !== undefined) {
      const message = "Worker thread crashed in a turn of this execution";
      this.#pending.get(turn)?.reject(new DuraniumError("executor-crashed", message, { cause }));
      this.#pending.delete(turn);
    }
    this.#end(cause);
  }

  /** Rejects every pending turn and every later one. The first cause is kept. */
  #end(cause: unknown): void {
    this.#lost ??= new DuraniumError("worker-lost", "The worker thread of the execution ended", { cause });
    for (const { reject } of this.#pending.values()) reject(this.#lost);
    this.#pending.clear();
    clearTimeout(this.#watch);
    if (this.#turnMarkers !== undefined) rmSync(this.#turnMarkers, { force: true });
    void this.#worker.terminate();
  }
}
