import { setTimeout as delay } from "node:timers/promises";
import { attemptsOfProcesses, executorPids } from "../support/executor-processes.ts";
import { executorBeside } from "../support/executor-beside.ts";
import { createInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { killRestate } from "../support/kill-restate.ts";

/**
 * What can be killed with -9:
 *
 * - `process`: Duranium; its guard then ends the embedded Restate server in order;
 * - `restate`: the Restate server, which Duranium must start again by itself;
 * - `machine`: both at once, as a power cut would;
 * - `executor`: an executor of its own beside a Duranium that stays, Restate included;
 * - `executor-process`: in turn one of two executor processes, which Duranium must start again by itself.
 */
export const victims = ["process", "restate", "machine", "executor", "executor-process"] as const;

export type Victim = (typeof victims)[number];

/** What all processes printed, in all of their runs. */
export interface Printed {
  readonly ordinary: string;
  /** Of each process whose Restate server was killed: what it printed from then until it ended, or had another. */
  readonly aftermaths: readonly string[];
}

/** A Duranium, and what of it can be killed and started again. */
export interface Installation extends AsyncDisposable {
  readonly instance: Instance;
  output(): Printed;
  kill(victim: Victim): Promise<void>;
  /** Starts again what was killed, and resolves when it is ready. */
  revive(victim: Victim): Promise<void>;
}

/** @param executorApart whether executions run in an executor of its own, which `executor` then kills */
export async function startInstallation(
  environment: Readonly<Record<string, string>>,
  executorApart: boolean,
): Promise<Installation> {
  await using stack = new AsyncDisposableStack();
  const instance = stack.use(await createInstance(environment));
  await instance.start();
  const executor = executorApart ? stack.use(await createExecutorBeside(instance)) : undefined;
  await executor?.start();
  const owned = stack.move();
  const ordinary: string[] = [];
  const aftermaths: string[] = [];
  const processes = executorProcessesOf(instance);
  let read = 0;
  /** What the instance has printed since the last time. */
  const take = () => {
    const part = instance.output().slice(read);
    read += part.length;
    return part;
  };
  return {
    instance,
    output() {
      ordinary.push(take());
      return { ordinary: [...ordinary, executor?.output()].join("\n"), aftermaths };
    },
    async kill(victim) {
      ordinary.push(take());
      if (victim === "restate" || victim === "machine") killRestate(instance);
      if (victim === "executor") await executor?.kill();
      else if (victim === "executor-process") processes.killNext();
      else if (victim !== "restate") await instance.kill();
      if (victim === "process" || victim === "machine") aftermaths.push(take());
    },
    async revive(victim) {
      if (victim === "restate") aftermaths.push(await untilRestarted(take));
      else if (victim === "executor-process") await processes.untilReplaced();
      else await (victim === "executor" ? executor : instance)?.start();
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** The variables of an installation of which these can be killed, and with which Restate suspends and replays at every await. */
export function environmentFor(
  victimsOf: readonly Victim[],
  isReplayed: boolean,
): Readonly<Record<string, string>> {
  return {
    ...(isReplayed ? { RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s" } : {}),
    ...(victimsOf.includes("executor-process") ? { DURANIUM_EXECUTOR_PROCESSES: "2" } : {}),
  };
}

/** It registers itself last, so Restate calls it and no more the executor in the instance. */
async function createExecutorBeside(instance: Instance): Promise<Instance> {
  return await createInstance({
    ...executorBeside(instance),
    DURANIUM_PUBLIC_URL: instance.url,
  });
}

interface ExecutorProcesses {
  killNext(): void;
  /** Resolves when the killed process has a successor that is ready. */
  untilReplaced(): Promise<void>;
}

function executorProcessesOf(instance: Instance): ExecutorProcesses {
  let kills = 0;
  return {
    killNext() {
      const pids = executorPids(instance);
      const pid = pids[kills % pids.length];
      if (pid === undefined) throw new Error("The installation has no executor processes");
      kills += 1;
      process.kill(pid, "SIGKILL");
    },
    async untilReplaced() {
      while ((await attemptsOfProcesses(instance)).length < 2) await delay(50);
    },
  };
}

/** What is printed until the killed Restate server has been replaced. */
async function untilRestarted(take: () => string): Promise<string> {
  let printed = take();
  while (!printed.includes("Restate is running again")) {
    await delay(20);
    printed += take();
  }
  return printed;
}
