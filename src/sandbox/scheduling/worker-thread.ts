import { rmSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import { DuraniumError } from "../../domain/errors.ts";
import type { Digest } from "../../domain/ids.ts";
import { lowerPriorityAfterMs, longTurnMs, workerStackMb } from "../../domain/limits.ts";
import type { LoadedEngine } from "../instances/instance.ts";
import { startThread } from "../threads/start-thread.ts";
import { computedMs, lowerPriority } from "../threads/thread-priority.ts";
import type {
  CancelMessage,
  FromWorker,
  RunMessage,
  SettleMessage,
  ToWorker,
  TurnEnd,
  WorkerSetup,
} from "./messages.ts";
import { createTurnClock } from "./turn-clock.ts";

export interface WorkerThreadOptions {
  /** As debuggers and profilers show it. */
  readonly name: string;
  readonly turnTimeoutMs: number;
  readonly maxInstances: number;
  /** The file in which it notes whose turn it is in. It goes with the thread. */
  readonly turnMarkers?: string | undefined;
}

export type TurnRequest =
  | Omit<RunMessage, "turn">
  | Omit<SettleMessage, "turn">
  | Omit<CancelMessage, "turn">;

/** @param computedMs by one turn, in milliseconds of the processor */
export type OnComputed = (computedMs: number) => void;

/** Comes of a turn that was not taken, because one of another guest takes long: it can be taken elsewhere. */
export const preempted = Symbol("displaced");

interface PendingTurn extends PromiseWithResolvers<TurnEnd | typeof preempted> {
  readonly guest: number;
  readonly isMovable: boolean;
}

/**
 * A worker thread as the pool sees it. It ends because it is disposed of, by itself, or because a turn
 * takes too long: a thread in a loop listens to nobody, so all who have an instance on it are lost with it.
 *
 * Long before that, those who wait behind a turn that takes long are told to go elsewhere. A thread whose turn takes
 * longer still gives way to all others, for ever: it is for guests that are known to take long.
 */
export class WorkerThread implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #clock = createTurnClock();
  readonly #turnTimeoutMs: number;
  readonly #turnMarkers: string | undefined;
  readonly #pending = new Map<number, PendingTurn>();
  readonly #provided = new Set<Digest>();
  /** Who is told what turns of each guest compute. */
  readonly #guests = new Map<number, OnComputed>();
  #opened = 0;
  #turns = 0;
  #watch: NodeJS.Timeout | undefined;
  #lost: DuraniumError | undefined;
  #isLowPriority = false;
  /** A turn that may be long, and what the thread had computed when that was seen first. */
  #suspect: { readonly turn: number; readonly sinceMs: number } | undefined;
  /** The turn that is long. */
  #long: number | undefined;
  #lastClosedAt = performance.now();

  constructor({ name, turnTimeoutMs, maxInstances, turnMarkers }: WorkerThreadOptions) {
    const setup: WorkerSetup = { turnClock: this.#clock.shared, maxInstances, turnMarkers };
    this.#turnMarkers = turnMarkers;
    this.#turnTimeoutMs = turnTimeoutMs;
    this.#worker = startThread(new URL("./worker.ts", import.meta.url), {
      name,
      workerData: setup,
      // A thread that runs other people's code has no use for the secrets of the process.
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

  /** Whether a guest that comes now is served soon. */
  get isOpen(): boolean {
    return this.#lost === undefined && this.#longTurn() === undefined;
  }

  /** Whether it is of a lower priority than others. */
  get isLowPriority(): boolean {
    return this.#isLowPriority;
  }

  get guestCount(): number {
    return this.#guests.size;
  }

  /** How long it has had no guest, in milliseconds. */
  get idleMs(): number {
    return this.#guests.size > 0 ? 0 : performance.now() - this.#lastClosedAt;
  }

  /** Lets all others go first, for ever. */
  lowerPriority(): void {
    if (this.#isLowPriority) return;
    this.#isLowPriority = true;
    lowerPriority(this.#clock.systemThread);
  }

  /** Sends an engine, the first time that it is asked to. */
  provide({ digest, module }: LoadedEngine): void {
    if (this.#provided.has(digest)) return;
    this.#provided.add(digest);
    this.#post({ kind: "engine", digest, module });
  }

  /**
   * @param isMovable whether the guest can go elsewhere: else it waits, however long the turn before it takes
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
   * A number for a guest that will live on this thread.
   *
   * @param onComputed told when a turn has ended, and before that when it takes so long that the thread gives way
   */
  open(onComputed: OnComputed = () => {}): number {
    const guest = ++this.#opened;
    this.#guests.set(guest, onComputed);
    return guest;
  }

  close(guest: number): void {
    this.#guests.delete(guest);
    this.#lastClosedAt = performance.now();
    this.#post({ kind: "close", guest });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end(new Error("The sandbox is closed"));
    await this.#worker.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message, []);
  }

  #settle(message: FromWorker): void {
    const result = this.#pending.get(message.turn);
    if (result === undefined) return;
    this.#pending.delete(message.turn);
    this.#guests.get(result.guest)?.(message.computedMs);
    result.resolve(message);
  }

  /** Looks at the clock again and again, as long as a turn is awaited. */
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
    if (guest !== undefined) this.#guests.get(guest)?.(lowerPriorityAfterMs);
    this.lowerPriority();
  }

  /** Since it was looked at first. */
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
    const message = `A turn of the workflow was stopped after ${this.#turnTimeoutMs} ms`;
    this.#pending.get(turn)?.reject(new DuraniumError("turn-timeout", message));
    this.#pending.delete(turn);
    this.#end(new Error("A turn of another workflow on this thread took too long"));
  }

  /** It ended by itself: in a turn, whose clock then was not stopped. */
  #crash(cause: unknown): void {
    const turn = this.#lost === undefined ? this.#clock.overdue(0) : undefined;
    if (turn !== undefined) {
      const message = "The worker thread ended in a turn of this execution";
      this.#pending.get(turn)?.reject(new DuraniumError("executor-crashed", message, { cause }));
      this.#pending.delete(turn);
    }
    this.#end(cause);
  }

  /** Everybody who waits is told, and everybody who comes: the first reason counts. */
  #end(cause: unknown): void {
    this.#lost ??= new DuraniumError("worker-lost", "The worker thread of the execution ended", { cause });
    for (const { reject } of this.#pending.values()) reject(this.#lost);
    this.#pending.clear();
    clearTimeout(this.#watch);
    if (this.#turnMarkers !== undefined) rmSync(this.#turnMarkers, { force: true });
    void this.#worker.terminate();
  }
}
