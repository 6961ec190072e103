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
  const { logger, firstPauseMs, maxPauseMs, giveUpAfterMs } = { ...defaults, ...supervision };
  const failed = Promise.withResolvers<string>();
  const disposed = new AbortController();
  let running: RestateProcess | undefined = await startRestateProcess(options);
  let starting: Promise<void> = Promise.resolve();
  watch(running);

  function watch(server: RestateProcess): void {
    void server.ended.then((lastLines) => {
      if (running !== server) return;
      running = undefined;
      logger.error(
        `Restate exited and will be restarted; last output:\n${lastLines.replaceAll(/^/gm, "  | ")}`,
      );
      starting = restart();
    });
  }

  async function restart(): Promise<void> {
    const deadline = Date.now() + giveUpAfterMs;
    for (let pauseMs = firstPauseMs; !disposed.signal.aborted; pauseMs = Math.min(2 * pauseMs, maxPauseMs)) {
      await delay(pauseMs, undefined, { signal: disposed.signal }).catch(() => {});
      if (disposed.signal.aborted) return;
      try {
        await startAgain();
        logger.info("Restate is running again");
        return;
      } catch (error) {
        if (Date.now() < deadline) logger.error("cannot start Restate", { error });
        else return failed.resolve(`cannot restart Restate: ${messageOf(error)}`);
      }
    }
  }

  async function startAgain(): Promise<void> {
    const server = await startRestateProcess(options);
    // The supervisor may have been disposed while the server started.
    if (disposed.signal.aborted) return await server.stop();
    running = server;
    watch(server);
  }

  async function stop(): Promise<void> {
    await starting;
    const server = running;
    running = undefined;
    await server?.stop();
  }

  return {
    failed: failed.promise,
    async whileStopped(work) {
      await stop();
      try {
        return await work();
      } finally {
        starting = startAgain().catch(async (error: unknown) => {
          logger.error("cannot start Restate", { error });
          await restart();
        });
        await starting;
      }
    },
    async [Symbol.asyncDispose]() {
      disposed.abort();
      await stop();
    },
  };
}
