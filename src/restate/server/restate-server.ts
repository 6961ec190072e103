import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../../base/logger.ts";
import { messageOf } from "../../domain/errors.ts";
import { startRestateProcess } from "./restate-process.ts";
import type { RestateProcess, RestateServerOptions } from "./restate-process.ts";

/**
 * The embedded Restate server, kept running: where its process ends by itself, another one is started after a growing
 * pause. Meanwhile the API answers `restate-unavailable`, and executions wait in the server's data.
 */
export interface RestateServer extends AsyncDisposable {
  /** Resolves with the reason when the server could not be brought up again for `giveUpAfterMs`. */
  readonly failed: Promise<string>;
  /** Stops the server, runs `work` on its files, and starts the server again whatever comes of that. */
  whileStopped<T>(work: () => Promise<T>): Promise<T>;
}

export interface SupervisionOptions {
  /** Takes lines for the operator. */
  readonly logger: Logger;
  readonly firstPauseMs?: number;
  readonly giveUpAfterMs?: number;
}

const defaults = { firstPauseMs: 500, maxPauseMs: 15_000, giveUpAfterMs: 300_000 };

/** @throws {PortTakenError} and plain errors that say why the server did not come up the first time */
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
        `the Restate server ended by itself and is started again; its last lines:\n${lastLines.replaceAll(/^/gm, "  | ")}`,
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
        logger.info("the Restate server is up again");
        return;
      } catch (error) {
        if (Date.now() < deadline) logger.error("the Restate server cannot be started", { error });
        else return failed.resolve(`the Restate server cannot be started again: ${messageOf(error)}`);
      }
    }
  }

  async function startAgain(): Promise<void> {
    const server = await startRestateProcess(options);
    // It may have ended, or this may have been disposed, while it came up.
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
          logger.error("the Restate server cannot be started", { error });
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
