import { Worker } from "node:worker_threads";
import { DuraniumError } from "../domain/errors.ts";
import type { Digest } from "../domain/ids.ts";
import { workerStackMb } from "../domain/limits.ts";
import type { LoadedEngine } from "./instance.ts";
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
}

export type TurnRequest =
  | Omit<RunMessage, "turn">
  | Omit<SettleMessage, "turn">
  | Omit<CancelMessage, "turn">;

/**
 * A worker thread as the pool sees it. It ends because it is disposed of, by itself, or because a turn
 * takes too long: a thread in a loop listens to nobody, so all who have an instance on it are lost with it.
 */
export class WorkerThread implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #clock = createTurnClock();
  readonly #turnTimeoutMs: number;
  readonly #pending = new Map<number, PromiseWithResolvers<TurnEnd>>();
  readonly #provided = new Set<Digest>();
  readonly #guests = new Set<number>();
  #opened = 0;
  #turns = 0;
  #watch: NodeJS.Timeout | undefined;
  #lost: DuraniumError | undefined;

  constructor({ name, turnTimeoutMs, maxInstances }: WorkerThreadOptions) {
    const setup: WorkerSetup = { turnClock: this.#clock.shared, maxInstances };
    this.#turnTimeoutMs = turnTimeoutMs;
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), {
      name,
      workerData: setup,
      // A thread that runs other people's code has no use for the secrets of the process.
      env: {},
      resourceLimits: { stackSizeMb: workerStackMb },
    });
    this.#worker.on("message", (message: FromWorker) => this.#settle(message));
    this.#worker.on("messageerror", (error) => this.#end(error));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", (code) => this.#end(new Error(`The thread exited with ${code}`)));
  }

  get hasEnded(): boolean {
    return this.#lost !== undefined;
  }

  get guestCount(): number {
    return this.#guests.size;
  }

  /** Sends an engine, the first time that it is asked to. */
  provide({ digest, module }: LoadedEngine): void {
    if (this.#provided.has(digest)) return;
    this.#provided.add(digest);
    this.#post({ kind: "engine", digest, module });
  }

  /** @throws {DuraniumError} `turn-timeout`, `worker-lost` */
  async turn(request: TurnRequest): Promise<TurnEnd> {
    if (this.#lost !== undefined) throw this.#lost;
    const turn = ++this.#turns;
    this.#post({ ...request, turn });
    const result = Promise.withResolvers<TurnEnd>();
    this.#pending.set(turn, result);
    this.#keepWatch();
    return result.promise;
  }

  /** A number for a guest that will live on this thread. */
  open(): number {
    const guest = ++this.#opened;
    this.#guests.add(guest);
    return guest;
  }

  close(guest: number): void {
    this.#guests.delete(guest);
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
    this.#pending.delete(message.turn);
    result?.resolve(message);
  }

  /** Looks at the clock again and again, as long as a turn is awaited. */
  #keepWatch(): void {
    const intervalMs = Math.min(250, this.#turnTimeoutMs / 4);
    this.#watch ??= setTimeout(() => {
      this.#watch = undefined;
      const overdue = this.#clock.overdue(this.#turnTimeoutMs);
      if (overdue !== undefined) this.#stop(overdue);
      if (this.#pending.size > 0) this.#keepWatch();
    }, intervalMs);
  }

  #stop(turn: number): void {
    const message = `A turn of the workflow was stopped after ${this.#turnTimeoutMs} ms`;
    this.#pending.get(turn)?.reject(new DuraniumError("turn-timeout", message));
    this.#pending.delete(turn);
    this.#end(new Error("A turn of another workflow on this thread took too long"));
  }

  /** Everybody who waits is told, and everybody who comes: the first reason counts. */
  #end(cause: unknown): void {
    this.#lost ??= new DuraniumError("worker-lost", "The worker thread of the execution ended", { cause });
    for (const { reject } of this.#pending.values()) reject(this.#lost);
    this.#pending.clear();
    clearTimeout(this.#watch);
    void this.#worker.terminate();
  }
}
