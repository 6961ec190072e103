import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { DuraniumError } from "../../../domain/errors.ts";
import { startThread } from "../../threads/start-thread.ts";
import { receiveError } from "../../threads/thread-messages.ts";
import type { PolyfillPaths } from "../shims/polyfills.ts";
import type { ReadShims } from "../shims/shim-files.ts";
import { bundlerCrashed, bundlingTimedOut } from "./bundling-error.ts";
import type {
  BundleRequest,
  BundlingSetup,
  FromBundlingWorker,
  ToBundlingWorker,
} from "./bundling-messages.ts";
import { limitedProgram } from "./limited-program.ts";

export interface BundlingThreadOptions {
  /** An existing folder for the files that the thread writes. */
  readonly within: string;
  readonly emptyFolder: string;
  readonly helpers: string;
  readonly polyfills: PolyfillPaths;
  readonly readShims: ReadShims;
}

type Bundled = Extract<FromBundlingWorker, { readonly bundled: unknown }>;

/** A thread and its esbuild process, for one bundle at a time. After an error it must be disposed. */
export class BundlingThread implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #folder: string;
  #asked: PromiseWithResolvers<FromBundlingWorker> | undefined;
  #lost: DuraniumError | undefined;
  #bundledMs = 0;

  constructor({ within, emptyFolder, helpers, polyfills, readShims }: BundlingThreadOptions) {
    this.#folder = mkdtempSync(join(within, "bundling-"));
    const { main, env, logFile } = limitedProgram(this.#folder, emptyFolder);
    const setup: BundlingSetup = { main, logFile, folder: this.#folder, helpers, polyfills };
    this.#worker = startThread(new URL("./bundling-worker.ts", import.meta.url), {
      name: "bundling",
      env,
      workerData: setup,
    });
    this.#worker.on("message", (answer: FromBundlingWorker) => {
      if ("wantsShims" in answer) void this.#supply(readShims);
      else this.#asked?.resolve(answer);
    });
    this.#worker.on("messageerror", (error) => this.#end(error));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", (code) => this.#end(new Error(`The thread exited with ${code}`)));
    this.#worker.unref();
  }

  /**
   * True if the thread may be used once more: the processor time of its esbuild process is counted from its
   * start.
   */
  get isFresh(): boolean {
    return this.#lost === undefined && this.#bundledMs < maxBundledMs;
  }

  /** @throws {DuraniumError} as `Bundler.bundle` */
  async bundle(request: BundleRequest, timeoutMs: number): Promise<Bundled> {
    const usedMs = this.#bundledMs;
    // If no reply comes, or esbuild has exited, the thread is not used again.
    this.#bundledMs = Infinity;
    const startedAt = performance.now();
    const timer = setTimeout(() => this.#asked?.reject(bundlingTimedOut(timeoutMs)), timeoutMs);
    const answer = await this.#ask(request).finally(() => clearTimeout(timer));
    if (!("bundled" in answer) && !("failed" in answer))
      throw bundlerCrashed("ended" in answer ? answer.ended : "");
    this.#bundledMs = usedMs + performance.now() - startedAt;
    if ("failed" in answer) throw receiveError(answer.failed);
    return answer;
  }

  /** Also ends an esbuild process that is busy. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#lost === undefined) {
      this.#asked?.promise.catch(() => {});
      const timer = setTimeout(
        () => this.#asked?.reject(new Error("The thread does not respond")),
        stopTimeoutMs,
      );
      await this.#ask({ kind: "stop" }).catch(() => {});
      clearTimeout(timer);
    }
    this.#end(new Error("The compiler disposed the thread"));
    await this.#worker.terminate();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ask(message: ToBundlingWorker): Promise<FromBundlingWorker> {
    if (this.#lost !== undefined) throw this.#lost;
    this.#asked = Promise.withResolvers<FromBundlingWorker>();
    this.#worker.postMessage(message, []);
    this.#worker.ref();
    try {
      return await this.#asked.promise;
    } finally {
      this.#worker.unref();
    }
  }

  async #supply(readShims: ReadShims): Promise<void> {
    try {
      const message: ToBundlingWorker = { kind: "shims", shims: await readShims() };
      this.#worker.postMessage(message, []);
    } catch (error) {
      this.#end(error);
    }
  }

  #end(cause: unknown): void {
    this.#lost ??= new DuraniumError("worker-lost", "The bundling thread exited", { cause });
    this.#asked?.reject(this.#lost);
  }
}

/** The wait for a killed esbuild process to exit, before its thread is terminated regardless. */
const stopTimeoutMs = 10_000;

/** A third of the processor time limit of the esbuild process, if it uses two cores. */
const maxBundledMs = 5_000;
