import { Worker } from "node:worker_threads";
import type { JsonText } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../../domain/errors.ts";
import { maxInlineJsonLength } from "../contract/limits.ts";
import { parseJson } from "./json.ts";

/** The answer of the thread. A text without a refusal is valid JSON. */
export interface CheckedJson {
  readonly refusal?: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly diagnostics: readonly Diagnostic[];
  };
}

/**
 * Checks that `parseJson` accepts a text, and returns the text unchanged. Texts longer than `maxInlineJsonLength` are
 * checked on a separate thread, because parsing them would block the main thread for other requests.
 *
 * @param signal aborts when the caller disconnects; a text that is still queued is then not checked
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

/** Checks texts in order on one worker. A worker that exited is replaced when the next text arrives. */
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
      task.checked.reject(
        new DuraniumError("invalid-request", "Cannot read the body: the caller disconnected"),
      );
      this.#next();
      return;
    }
    this.#current = task;
    this.#worker ??= this.#start();
    this.#worker.postMessage(task.text, []);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./json-worker.ts", import.meta.url), { name: "json", env: {} });
    // The open connection of the waiting request keeps the process running.
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
    this.#settle()?.reject(new DuraniumError("internal", "The thread that checks JSON exited", { cause }));
    this.#next();
  }
}

/** One thread per process: it has no state between two texts. */
const thread = new JsonThread();
