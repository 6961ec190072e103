import { Worker } from "node:worker_threads";
import type { JsonText } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../../domain/errors.ts";
import { maxInlineJsonLength } from "../../domain/limits.ts";
import { parseJson } from "./json.ts";

/** What the thread answers. Without a refusal the text is JSON. */
export interface CheckedJson {
  readonly refusal?: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly diagnostics: readonly Diagnostic[];
  };
}

/**
 * Checks that a text is JSON as `parseJson` takes it, and leaves it as it is. A large text is checked on a thread of its
 * own: a million empty lists take a tenth of a second, in which the main thread would answer no other request.
 *
 * @param signal aborts when the caller is gone: a text that still waits is not checked then
 * @throws {DuraniumError} `invalid-json`, `invalid-request`
 */
export async function checkJson(text: string, signal?: AbortSignal): Promise<JsonText> {
  if (text.length <= maxInlineJsonLength) parseJson(text);
  else await thread.check(text, signal);
  return text as JsonText;
}

interface Task {
  readonly text: string;
  readonly signal: AbortSignal | undefined;
  readonly checked: PromiseWithResolvers<void>;
}

/** Checks texts one after the other. A thread that ended is replaced when there is something to check again. */
class JsonThread {
  readonly #waiting: Task[] = [];
  #worker: Worker | undefined;
  #current: Task | undefined;

  async check(text: string, signal: AbortSignal | undefined): Promise<void> {
    const checked = Promise.withResolvers<void>();
    this.#waiting.push({ text, signal, checked });
    this.#next();
    await checked.promise;
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const task = this.#waiting.shift();
    if (task === undefined) return;
    if (task.signal?.aborted === true) {
      task.checked.reject(new DuraniumError("invalid-request", "Cannot read the body: the caller is gone"));
      this.#next();
      return;
    }
    this.#current = task;
    this.#worker ??= this.#start();
    this.#worker.postMessage(task.text, []);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./json-worker.ts", import.meta.url), { name: "json", env: {} });
    // The request that waits keeps the process running.
    worker.unref();
    worker.on("message", ({ refusal }: CheckedJson) => {
      if (refusal === undefined) this.#settle()?.resolve();
      else this.#settle()?.reject(new DuraniumError(refusal.code, refusal.message, refusal));
      this.#next();
    });
    worker.on("error", (error) => this.#end(worker, error));
    worker.on("exit", () => this.#end(worker));
    return worker;
  }

  #settle(): PromiseWithResolvers<void> | undefined {
    const checked = this.#current?.checked;
    this.#current = undefined;
    return checked;
  }

  #end(worker: Worker, cause?: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#settle()?.reject(new DuraniumError("internal", "The thread that checks JSON ended", { cause }));
    this.#next();
  }
}

/** Of the process. It holds nothing between two texts. */
const thread = new JsonThread();
