import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import type { ExecutionId } from "../../domain/ids.ts";
import type { LogTask, LogTaskDone, LogThreadData, StoredRow } from "./log-messages.ts";
import type { LogSink } from "./log-sink.ts";

/**
 * The thread that writes console lines to SQLite, so that waiting for a lock or the disk does not block the main thread. A
 * thread that exited is replaced when the next task arrives.
 */
export class LogThread implements LogSink, AsyncDisposable {
  readonly #data: LogThreadData;
  readonly #asked: PromiseWithResolvers<void>[] = [];
  #worker: Worker | undefined;
  #isDisposed = false;

  constructor(data: LogThreadData) {
    this.#data = data;
  }

  async append(rows: readonly StoredRow[]): Promise<void> {
    await this.#do({ append: rows });
  }

  async remove(executionIds: readonly ExecutionId[]): Promise<void> {
    await this.#do({ remove: executionIds });
  }

  async removeEnds(before: number, limit: number): Promise<void> {
    await this.#do({ removeEnds: { before, limit } });
  }

  /** Rejects if the database fails: another process holds its lock for too long, the disk is full… */
  async #do(task: LogTask): Promise<void> {
    if (this.#isDisposed) throw new Error("The database is closed");
    const asked = Promise.withResolvers<void>();
    this.#asked.push(asked);
    this.#worker ??= this.#start();
    this.#worker.postMessage(task, []);
    await asked.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL("./log-worker.ts", import.meta.url), {
      name: "logs",
      env: compileCache(),
      workerData: this.#data,
    });
    worker.on("message", ({ failed }: LogTaskDone) => {
      const asked = this.#asked.shift();
      if (failed === undefined) asked?.resolve();
      else asked?.reject(new Error(failed));
    });
    worker.on("error", (error) => this.#end(worker, error));
    worker.on("exit", () => this.#end(worker, new Error("The thread that writes console lines ended")));
    return worker;
  }

  #end(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const asked of this.#asked.splice(0)) asked.reject(error);
  }
}

/** The thread uses Node's compile cache too, because stripping types is a large part of its start. */
function compileCache(): Record<string, string> {
  const directory = getCompileCacheDir();
  return directory === undefined ? {} : { NODE_COMPILE_CACHE: dirname(directory) };
}
