import { Worker } from "node:worker_threads";
import { DuraniumError } from "../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../domain/errors.ts";
import type { JsonText } from "../domain/json.ts";
import { maxInlineJsonLength } from "../domain/limits.ts";
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
 * @throws {DuraniumError} `invalid-json`
 */
export async function checkJson(text: string): Promise<JsonText> {
  if (text.length <= maxInlineJsonLength) parseJson(text);
  else await thread.check(text);
  return text as JsonText;
}

/** Texts are checked one after the other. A thread that ended is replaced when there is something to check again. */
class JsonThread {
  readonly #waiting: PromiseWithResolvers<void>[] = [];
  #worker: Worker | undefined;

  async check(text: string): Promise<void> {
    const checked = Promise.withResolvers<void>();
    this.#waiting.push(checked);
    this.#worker ??= this.#start();
    this.#worker.postMessage(text, []);
    await checked.promise;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./json-worker.ts", import.meta.url), { name: "json", env: {} });
    // The request that waits keeps the process running.
    worker.unref();
    worker.on("message", ({ refusal }: CheckedJson) => {
      const checked = this.#waiting.shift();
      if (refusal === undefined) checked?.resolve();
      else checked?.reject(new DuraniumError(refusal.code, refusal.message, refusal));
    });
    worker.on("error", (error) => this.#end(worker, error));
    worker.on("exit", () => this.#end(worker));
    return worker;
  }

  #end(worker: Worker, cause?: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const lost = new DuraniumError("internal", "The thread that checks JSON ended", { cause });
    for (const { reject } of this.#waiting.splice(0)) reject(lost);
  }
}

/** Of the process. It holds nothing between two texts. */
const thread = new JsonThread();
