import childProcess from "node:child_process";
import type { SpawnSyncOptions, SpawnSyncReturns } from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { buildClockMs } from "./fixed-embedding.ts";

/**
 * Takes out of the calling process what would make two builds of the same inputs differ. Only for a
 * process whose one task is a build.
 *
 * - componentize stores the time of the build in the functions that it puts in place of the clocks.
 * - The path of its temporary folder is in the arguments that it gives to the engine when it starts it, and
 *   they stay in the engine's memory. The engine sees the folder as its root anyway, so it is told that name.
 */
export function fixSurroundings(): void {
  Date.now = () => buildClockMs;
  const { spawnSync } = childProcess;
  const spawnWithoutPaths = (
    command: string,
    commandArguments: readonly string[],
    options: SpawnSyncOptions,
  ): SpawnSyncReturns<string | Buffer> => spawnSync(command, ...hideSourcesPath(commandArguments, options));
  childProcess.spawnSync = spawnWithoutPaths as typeof spawnSync;
  syncBuiltinESMExports();
}

const folderOption = "--dir=";

/** The folder that is passed on under its own path is not, and its path in the input becomes the root. */
function hideSourcesPath(
  commandArguments: readonly string[],
  options: SpawnSyncOptions,
): [string[], SpawnSyncOptions] {
  const isFolder = (argument: string): boolean => argument.startsWith(folderOption);
  const path = commandArguments.find(isFolder)?.slice(folderOption.length);
  if (path === undefined) return [[...commandArguments], options];
  const input = typeof options.input === "string" ? options.input.replaceAll(path, "") : options.input;
  return [commandArguments.filter((argument) => !isFolder(argument)), { ...options, input }];
}
