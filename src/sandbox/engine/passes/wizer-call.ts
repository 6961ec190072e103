import childProcess from "node:child_process";
import type { SpawnSyncOptions, SpawnSyncReturns } from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

/** How componentize starts wizer: the one process that it starts. */
export interface WizerCall {
  readonly arguments: readonly string[];
  /** The arguments of the JavaScript engine that wizer runs. */
  readonly input: string;
}

/**
 * Has `change` look at each call of wizer in this process before it is made, ahead of those that were given earlier. Only for
 * a process whose one task is a build: componentize has no other place at which to reach in.
 */
export function interceptWizer(change: (call: WizerCall) => WizerCall): void {
  const { spawnSync } = childProcess;
  const intercepted = (
    command: string,
    commandArguments: readonly string[],
    options: SpawnSyncOptions,
  ): SpawnSyncReturns<string | Buffer> => {
    const input = typeof options.input === "string" ? options.input : "";
    const call = change({ arguments: commandArguments, input });
    return spawnSync(command, [...call.arguments], { ...options, input: call.input });
  };
  childProcess.spawnSync = intercepted as typeof spawnSync;
  syncBuiltinESMExports();
}
