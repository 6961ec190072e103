import childProcess from "node:child_process";
import type { SpawnSyncOptions, SpawnSyncReturns } from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

/** A call of wizer: the only process that componentize starts. */
export interface WizerCall {
  readonly arguments: readonly string[];
  /** The arguments of the JavaScript engine that wizer runs. */
  readonly input: string;
}

/**
 * Calls `change` for each start of wizer in this process, before functions that were passed earlier. Only for
 * a process whose one task is a build: componentize has no other hook.
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
