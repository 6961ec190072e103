import type { Digest } from "../../../base/digest.ts";
import { compileEngine } from "../../instances/engine-loader.ts";
import type { PrepareMessage } from "./evaluation-messages.ts";
import { EvaluationThread } from "./evaluation-thread.ts";

/** An engine that evaluates bundles. */
export interface CompiledEngine {
  readonly digest: Digest;
  readonly protocolVersion: number;
  readonly core: Uint8Array;
}

/** Spare threads beside that of the usual engine. Each holds an engine and an instance of it, tens of megabytes. */
const maxOtherSpareThreads = 1;

/**
 * Threads that evaluate bundles. One with the usual engine, that of most deploys, is started ahead of its use; the last
 * one of another engine is kept for the next deploy. A thread with a failure is not reused, because the failed evaluation
 * may still be running on it.
 */
export class EvaluationThreads implements AsyncDisposable {
  readonly #usualEngine: () => Promise<CompiledEngine>;
  readonly #threads = new Set<EvaluationThread>();
  /** Threads that no evaluation uses, at most one of each engine, the least recently used first. */
  readonly #spare = new Map<Digest, Promise<EvaluationThread>>();
  #usual: { readonly digest: Digest; preparation?: Promise<PrepareMessage> } | undefined;
  #isClosed = false;

  constructor(usualEngine: () => Promise<CompiledEngine>) {
    this.#usualEngine = usualEngine;
    void this.#makeUsualReady();
  }

  async use<T>(engine: CompiledEngine, work: (thread: EvaluationThread) => Promise<T>): Promise<T> {
    const thread = await this.#take(engine);
    try {
      const result = await work(thread);
      await this.#giveBack(engine, thread);
      return result;
    } catch (error) {
      await this.#drop(thread);
      throw error;
    } finally {
      void this.#makeUsualReady();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#threads].map((thread) => this.#drop(thread)));
  }

  async #take(engine: CompiledEngine): Promise<EvaluationThread> {
    const taken = this.#spare.get(engine.digest) ?? this.#start(engine);
    this.#spare.delete(engine.digest);
    const thread = await taken;
    return thread.hasEnded ? await this.#start(engine) : thread;
  }

  /** One spare thread of an engine is enough: more were needed only for concurrent deploys. */
  async #giveBack({ digest }: CompiledEngine, thread: EvaluationThread): Promise<void> {
    if (this.#spare.has(digest) || this.#isClosed) return await this.#drop(thread);
    this.#spare.set(digest, Promise.resolve(thread));
    const others = [...this.#spare].filter(([each]) => each !== this.#usual?.digest);
    for (const [oldest, unneeded] of others.slice(0, Math.max(0, others.length - maxOtherSpareThreads))) {
      this.#spare.delete(oldest);
      await this.#drop(await unneeded);
    }
  }

  async #makeUsualReady(): Promise<void> {
    // The next evaluation rejects with the same error.
    const engine = await this.#usualEngine().catch(() => undefined);
    if (engine === undefined || this.#isClosed || this.#spare.has(engine.digest)) return;
    if (this.#usual?.digest !== engine.digest) this.#usual = { digest: engine.digest };
    const thread = this.#start(engine);
    this.#spare.set(engine.digest, thread);
    thread.catch(() => this.#spare.delete(engine.digest));
  }

  async #start(engine: CompiledEngine): Promise<EvaluationThread> {
    const thread = new EvaluationThread(await this.#prepare(engine));
    this.#threads.add(thread);
    if (this.#isClosed) await this.#drop(thread);
    return thread;
  }

  async #drop(thread: EvaluationThread): Promise<void> {
    this.#threads.delete(thread);
    await thread[Symbol.asyncDispose]();
  }

  /** A failure here is retried by the next evaluation. */
  async #prepare(engine: CompiledEngine): Promise<PrepareMessage> {
    const usual = this.#usual;
    if (usual?.digest !== engine.digest) return await prepareMessage(engine);
    usual.preparation ??= prepareMessage(engine);
    usual.preparation.catch(() => delete usual.preparation);
    return await usual.preparation;
  }
}

async function prepareMessage({ digest, protocolVersion, core }: CompiledEngine): Promise<PrepareMessage> {
  return {
    kind: "prepare",
    engineDigest: digest,
    protocolVersion,
    module: await compileEngine(core),
  };
}
