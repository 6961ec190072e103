import type { Worker } from "node:worker_threads";
import { DuraniumError } from "../../../domain/errors.ts";
import type { ExecutionLimits } from "../../../domain/execution-limits.ts";
import { workerStackMb } from "../../threads/start-thread.ts";
import { startThread } from "../../threads/start-thread.ts";
import { compact, receiveError } from "../../threads/thread-messages.ts";
import type {
  Evaluation,
  FromEvaluationWorker,
  PrepareMessage,
  ToEvaluationWorker,
} from "./evaluation-messages.ts";

/** The limits and the timeout of an evaluation, and the error of a timeout. */
export interface EvaluationBounds {
  readonly limits: ExecutionLimits;
  readonly timeoutMs: number;
  readonly overdue: () => DuraniumError;
}

/** A bundle that threw while it was evaluated: the guest's JSON, unparsed. */
export interface Thrown {
  readonly threw: Uint8Array;
}

/**
 * A thread that evaluates one bundle at a time. After an error it must be disposed, which also ends a running
 * evaluation.
 */
export class EvaluationThread implements AsyncDisposable {
  readonly #worker: Worker;
  #asked: PromiseWithResolvers<FromEvaluationWorker> | undefined;
  #lost: DuraniumError | undefined;

  constructor(message: PrepareMessage) {
    this.#worker = startThread(new URL("./evaluation-worker.ts", import.meta.url), {
      name: "evaluation",
      // A thread that runs workflow code must not see the secrets in the process environment.
      env: {},
      resourceLimits: { stackSizeMb: workerStackMb },
    });
    this.#worker.on("message", (answer: FromEvaluationWorker) => this.#asked?.resolve(answer));
    this.#worker.on("messageerror", (error) => this.#end(error));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", (code) => this.#end(new Error(`The thread exited with ${code}`)));
    this.#post(message);
  }

  get hasEnded(): boolean {
    return this.#lost !== undefined;
  }

  /** @throws {DuraniumError} the error of the entered instance, or `worker-lost` */
  async evaluate(code: Uint8Array, bounds: EvaluationBounds): Promise<Evaluation | Thrown> {
    if (this.#lost !== undefined) throw this.#lost;
    const asked = Promise.withResolvers<FromEvaluationWorker>();
    this.#asked = asked;
    const timer = setTimeout(() => asked.reject(bounds.overdue()), bounds.timeoutMs);
    this.#post({ kind: "evaluate", code: compact(code), limits: bounds.limits });
    const answer = await asked.promise.finally(() => clearTimeout(timer));
    if ("failed" in answer) throw receiveError(answer.failed);
    return "threw" in answer ? answer : answer.evaluated;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end(new Error("The compiler disposed the thread"));
    await this.#worker.terminate();
  }

  #post(message: ToEvaluationWorker): void {
    this.#worker.postMessage(message, []);
  }

  #end(cause: unknown): void {
    this.#lost ??= new DuraniumError("worker-lost", "The evaluation thread exited", { cause });
    this.#asked?.reject(this.#lost);
  }
}
