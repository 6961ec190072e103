import cluster from "node:cluster";
import type { Worker } from "node:cluster";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../../base/logger.ts";
import type { MetricJson } from "../../telemetry/metrics.ts";
import { openRequestChannel } from "./channel.ts";
import type { ExecutorProcessRequests } from "./channel.ts";
import type { ConnectionSharing } from "./connection-sharing.ts";

/**
 * Executors in processes of their own, which share one port: `DURANIUM_EXECUTOR_PROCESSES`.
 *
 * They run the same program with the same environment as workers of `node:cluster`. This process listens, and shares the
 * connections of Restate between them. A process that exits is started again, and its requests go to the others until then.
 * All end with this process, however that ends.
 */
export interface ExecutorProcesses extends AsyncDisposable {
  /** Rejects attempts in all processes until `reopen`. Resolves when those in flight have ended, or after `timeoutMs`. */
  drain(timeoutMs: number): Promise<void>;
  reopen(): void;
  /** Drains for good. Processes that exit are not started again. */
  leave(timeoutMs: number): Promise<void>;
  /** The metrics of each process by its number, which starts at 1. */
  metrics(): Promise<ReadonlyMap<number, readonly MetricJson[]>>;
  /** One sentence if no process runs. */
  problems(): readonly string[];
}

export interface ExecutorProcessesOptions {
  readonly count: number;
  readonly connections: ConnectionSharing;
  /** Called before a process is started again. */
  readonly onExit: () => Promise<void>;
  readonly logger: Logger;
}

/** How long a process has to exit after it was asked to. */
const stopTimeoutMs = 10_000;
/** How long to wait before a process is started again that exited before it was ready. */
const restartDelayMs = 1_000;

/** Resolves when all processes are ready, and rejects if one exits before that. */
export async function startExecutorProcesses(options: ExecutorProcessesOptions): Promise<ExecutorProcesses> {
  const state = { isStopping: false };
  const places = Array.from({ length: options.count }, (_, index) => startPlace(index + 1, options, state));
  const processes = controlOf(places, state, options.connections);
  try {
    await Promise.all(places.map(async ({ started }) => await started));
    return processes;
  } catch (error) {
    await processes[Symbol.asyncDispose]();
    throw error;
  }
}

interface Place {
  readonly number: number;
  /** Undefined while the process is started again. */
  readonly current: () => RunningProcess | undefined;
  /** Rejects if the first process exits before it is ready. */
  readonly started: Promise<void>;
  /** Resolves when the process has exited and is not started again. */
  readonly ended: Promise<void>;
}

interface RunningProcess {
  readonly requests: ExecutorProcessRequests;
  readonly isReady: boolean;
  /** Asks it to exit. */
  readonly stop: () => void;
  readonly kill: () => void;
}

function startPlace(
  number: number,
  { connections, logger, onExit }: ExecutorProcessesOptions,
  state: { readonly isStopping: boolean },
): Place {
  const { promise: started, resolve, reject } = Promise.withResolvers<void>();
  let hasStarted = false;
  let current: RunningProcess | undefined;

  /** Runs one process until it exits. */
  async function runOnce(): Promise<{ readonly wasReady: boolean; readonly reason: string }> {
    const worker = cluster.fork();
    const channel = openRequestChannel(worker);
    const exit = exitOf(worker);
    // A message to a process that exits at that moment.
    worker.on("error", () => {});
    using _shared = connections.include(worker);
    let isReady = false;
    current = {
      requests: channel.requests,
      get isReady() {
        return isReady;
      },
      stop: () => channel.stop(),
      kill: () => void worker.process.kill("SIGKILL"),
    };
    void channel.ready.then(() => {
      isReady = true;
      hasStarted = true;
      resolve();
    });
    const reason = await exit;
    current = undefined;
    channel.close();
    return { wasReady: isReady, reason };
  }

  async function keepRunning(): Promise<void> {
    for (;;) {
      const { wasReady, reason } = await runOnce();
      if (state.isStopping) return;
      if (!hasStarted)
        return reject(new Error(`Executor process ${number} exited before it was ready (${reason})`));
      logger.warn(`executor process ${number} exited (${reason}), and is started again`);
      await onExit().catch((error: unknown) =>
        logger.error("cannot count the crash of an executor process", { error }),
      );
      if (!wasReady) await delay(restartDelayMs);
      if (state.isStopping) return;
    }
  }

  return { number, current: () => current, started, ended: keepRunning() };
}

async function exitOf(worker: Worker): Promise<string> {
  return await new Promise((resolve) => {
    worker.once("exit", (code, signal) => resolve(signal ?? `code ${code}`));
  });
}

function controlOf(
  places: readonly Place[],
  state: { isStopping: boolean },
  connections: ConnectionSharing,
): ExecutorProcesses {
  const ready = () =>
    places.flatMap(({ number, current }) => {
      const running = current();
      return running?.isReady === true ? [{ number, ...running }] : [];
    });
  /** A process that exits meanwhile has nothing left to do. */
  const each = async (ask: (requests: ExecutorProcessRequests) => Promise<void>) => {
    await Promise.allSettled(ready().map(async ({ requests }) => await ask(requests)));
  };
  return {
    drain: async (timeoutMs) => await each(async (requests) => await requests.drain(timeoutMs)),
    reopen: () => void each(async (requests) => await requests.reopen()),
    async leave(timeoutMs) {
      state.isStopping = true;
      connections.close();
      await each(async (requests) => await requests.leave(timeoutMs));
    },
    async metrics() {
      const read = ready().map(async ({ number, requests }) => [number, await requests.metrics()] as const);
      const answers = await Promise.allSettled(read);
      return new Map(answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : [])));
    },
    problems: () => (ready().length > 0 ? [] : ["no executor process is running"]),
    async [Symbol.asyncDispose]() {
      state.isStopping = true;
      const overdue = setTimeout(() => killAll(places), stopTimeoutMs);
      for (const { current } of places) current()?.stop();
      await Promise.all(places.map(async ({ ended }) => await ended));
      clearTimeout(overdue);
    },
  };
}

function killAll(places: readonly Place[]): void {
  for (const { current } of places) current()?.kill();
}
