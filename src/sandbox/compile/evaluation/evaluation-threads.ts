import type { Digest } from "../../../domain/ids.ts";
import type { PrepareMessage } from "./evaluation-messages.ts";
import { EvaluationThread } from "./evaluation-thread.ts";

/** The engine that new versions are made with. */
export interface CurrentEngine {
  readonly digest: Digest;
  readonly protocolVersion: number;
  readonly core: Uint8Array;
}

/**
 * Threads that evaluate bundles, one of them made ready ahead of its use. One on which something failed is not
 * used again: what failed may still be going on there.
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

  /** One is enough: the others were needed because deploys came side by side. */
  async #giveBack(thread: EvaluationThread): Promise<void> {
    if (this.#ready === undefined && !this.#isClosed) this.#ready = Promise.resolve(thread);
    else await this.#drop(thread);
  }

  #makeReady(): void {
    if (this.#ready !== undefined || this.#isClosed) return;
    this.#ready = this.#start();
    // Whoever evaluates next is told what is wrong.
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

  /** What failed here is tried again by the next who evaluates. */
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
    module: await WebAssembly.compile(core),
  };
}
