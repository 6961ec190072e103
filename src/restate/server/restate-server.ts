import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../../base/logger.ts";
import { messageOf } from "../../domain/errors.ts";
import { startRestateProcess } from "./restate-process.ts";
import type { RestateProcess, RestateServerOptions } from "./restate-process.ts";

/**
 * Supervises the embedded Restate server: if its process exits, another one is started, with exponential back-off. Until
 * then the API responds with `restate-unavailable`, and executions stay in the server's data.
 */
export interface RestateServer extends AsyncDisposable {
  /** Resolves with the reason once restarts have failed for `giveUpAfterMs`. */
  readonly failed: Promise<string>;
  /** Stops the server, runs `work` on its files, and starts the server again even if `work` rejects. */
  whileStopped<T>(work: () => Promise<T>): Promise<T>;
}

export interface SupervisionOptions {
  /** Receives messages for the operator. */
  readonly logger: Logger;
  readonly firstPauseMs?: number;
  readonly giveUpAfterMs?: number;
}

const defaults = { firstPauseMs: 500, maxPauseMs: 15_000, giveUpAfterMs: 300_000 };

/** Rejects like `startRestateProcess` if the first start fails. */
export async function startRestateServer(
  options: RestateServerOptions,
  supervision: SupervisionOptions,
): Promise<RestateServer> {
  const first = await startRestateProcess(options);
  return new SupervisedServer(first, options, { ...defaults, ...supervision });
}

/**
 * Invariants:
 *
 * 1. At most one process runs. One that exits while it is the running one is replaced; one that was stopped is not.
 * 2. While a start is in progress, `#starting` is pending, and stopping waits for it.
 * 3. No process runs after the server was disposed.
 */
class SupervisedServer implements RestateServer {
  readonly #options: RestateServerOptions;
  readonly #supervision: SupervisionOptions & typeof defaults;
  readonly #failed = Promise.withResolvers<string>();
  readonly #disposed = new AbortController();
  #running: RestateProcess | undefined;
  #starting: Promise<void> = Promise.resolve();

  constructor(
    first: RestateProcess,
    options: RestateServerOptions,
    supervision: SupervisionOptions & typeof defaults,
  ) {
    this.#options = options;
    this.#supervision = supervision;
    this.#watch(first);
  }

  get failed(): Promise<string> {
    return this.#failed.promise;
  }

  async whileStopped<T>(work: () => Promise<T>): Promise<T> {
    await this.#stop();
    try {
      return await work();
    } finally {
      this.#starting = this.#start().catch(async (error: unknown) => {
        this.#supervision.logger.error("cannot start Restate", { error });
        await this.#restart();
      });
      await this.#starting;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort();
    await this.#stop();
  }

  #watch(server: RestateProcess): void {
    this.#running = server;
    void server.ended.then((lastLines) => {
      if (this.#running !== server) return;
      this.#running = undefined;
      const output = lastLines.replaceAll(/^/gm, "  | ");
      this.#supervision.logger.error(`Restate exited and will be restarted; last output:\n${output}`);
      this.#starting = this.#restart();
    });
  }

  async #restart(): Promise<void> {
    const { logger, firstPauseMs, maxPauseMs, giveUpAfterMs } = this.#supervision;
    const { signal } = this.#disposed;
    const deadline = Date.now() + giveUpAfterMs;
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(2 * pauseMs, maxPauseMs)) {
      await delay(pauseMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        await this.#start();
        logger.info("Restate is running again");
        return;
      } catch (error) {
        if (Date.now() < deadline) logger.error("cannot start Restate", { error });
        else return this.#failed.resolve(`cannot restart Restate: ${messageOf(error)}`);
      }
    }
  }

  async #start(): Promise<void> {
    const server = await startRestateProcess(this.#options);
    // The supervisor may have been disposed while the server started.
    if (this.#disposed.signal.aborted) return await server.stop();
    this.#watch(server);
  }

  async #stop(): Promise<void> {
    await this.#starting;
    const server = this.#running;
    this.#running = undefined;
    await server?.stop();
  }
}
