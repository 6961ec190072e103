import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { createInstance } from "../support/instance.ts";

/** A process of Duranium under a supervisor, which starts it again when it has ended by itself. */
export interface Member extends AsyncDisposable {
  readonly name: string;
  readonly dataDir: string;
  /** Each time that it ended and was not killed. */
  readonly crashes: readonly string[];
  output(): string;
  kill(): Promise<void>;
  /** Resolves when it is ready, however often it takes to start. */
  start(): Promise<void>;
}

/** As `Restart=always` with `RestartSec=500ms` of systemd. */
const restartMs = 500;

export async function createMember(
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<Member> {
  const crashes: string[] = [];
  const state = { isWanted: false, isReady: false };
  let starting: Promise<void> | undefined;

  function onLaunch(child: ChildProcess): void {
    child.once("exit", (code, signal) => {
      const wasReady = state.isReady;
      state.isReady = false;
      if (!state.isWanted || !wasReady) return;
      crashes.push(`${name} ended by itself with ${code ?? signal}: ${lastLines(instance.output())}`);
      void start();
    });
  }

  const instance = await createInstance(environment, onLaunch);

  async function startUntilReady(): Promise<void> {
    while (state.isWanted && !state.isReady) {
      try {
        await instance.start();
        state.isReady = true;
      } catch {
        await delay(restartMs);
      }
    }
  }

  async function start(): Promise<void> {
    state.isWanted = true;
    starting ??= startUntilReady().finally(() => (starting = undefined));
    await starting;
  }

  return {
    name,
    dataDir: instance.dataDir,
    crashes,
    output: () => instance.output(),
    async kill() {
      state.isWanted = false;
      await instance.kill();
    },
    start,
    async [Symbol.asyncDispose]() {
      state.isWanted = false;
      await instance[Symbol.asyncDispose]();
    },
  };
}

function lastLines(output: string): string {
  return output.trimEnd().split("\n").slice(-12).join("\n  ");
}
