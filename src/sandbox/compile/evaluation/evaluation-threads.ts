import type { Digest } from "../../../base/digest.ts";
import { compileEngine } from "../../instances/engine-loader.ts";
import type { PrepareMessage } from "./evaluation-messages.ts";
import { EvaluationThread } from "./evaluation-thread.ts";

/** The engine for new versions. */
export interface CurrentEngine {
  readonly digest: Digest;
  readonly protocolVersion: number;
  readonly core: Uint8Array;
}

/**
 * Threads that evaluate bundles, one of them started ahead of its use. A thread with a failure is not reused,
 * because the failed evaluation may still be running on it.
 */
export class EvaluationThreads implements AsyncDisposable {
  readonly #currentEngine: () => Promise<CurrentEngine>;
  readonly #threads = new Set<EvaluationThread>();
  #preparation: Promise<PrepareMessage> | undefined;
  #ready: Promise<EvaluationThread> | undefined;
  #isClosed = false;

  constructor(currentEngine: () => Promise<CurrentEngine>) {
    this.#currentEngine = currentEngine;
    this.#makeReady();
  }

  async use<T>(work: (thread: EvaluationThread) => Promise<T>): Promise<T> {
    const thread = await this.#take();
    try {
      const result = await work(thread);
      await this.#giveBack(thread);
      return result;
    } catch (error) {
      await this.#drop(thread);
      throw error;
    } finally {
      this.#makeReady();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#threads].map((thread) => this.#drop(thread)));
  }

  async #take(): Promise<EvaluationThread> {
    const taken = this.#ready ?? this.#start();
    this.#ready = undefined;
    const thread = await taken;
    return thread.hasEnded ? this.#start() : thread;
  }

  /** One spare thread is enough: more were needed only for concurrent deploys. */
  async #giveBack(thread: EvaluationThread): Promise<void> {
    if (this.#ready === undefined && !this.#isClosed) this.#ready = Promise.resolve(thread);
    else await this.#drop(thread);
  }

  #makeReady(): void {
    if (this.#ready !== undefined || this.#isClosed) return;
    this.#ready = this.#start();
    // The next evaluation rejects with the same error.
    this.#ready.catch(() => {});
  }

  async #start(): Promise<EvaluationThread> {
    const thread = new EvaluationThread(await this.#prepare());
    this.#threads.add(thread);
    if (this.#isClosed) await this.#drop(thread);
    return thread;
  }

  async #drop(thread: EvaluationThread): Promise<void> {
    this.#threads.delete(thread);
    await thread[Symbol.asyncDispose]();
  }

  /** A failure here is retried by the next evaluation. */
  #prepare(): Promise<PrepareMessage> {
    this.#preparation ??= prepareMessage(this.#currentEngine);
    this.#preparation.catch(() => (this.#preparation = undefined));
    return this.#preparation;
  }
}

async function prepareMessage(currentEngine: () => Promise<CurrentEngine>): Promise<PrepareMessage> {
  const { digest, protocolVersion, core } = await currentEngine();
  return {
    kind: "prepare",
    engineDigest: digest,
    protocolVersion,
    module: await compileEngine(core),
  };
}
