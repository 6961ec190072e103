import { buildClockMs } from "./fixed-embedding.ts";
import { interceptWizer } from "./wizer-call.ts";
import type { WizerCall } from "./wizer-call.ts";

/**
 * Removes from this process what makes two builds of the same inputs differ. Only for a process whose one
 * task is a build.
 *
 * - componentize stores the time of the build in the functions that replace the clocks.
 * - The path of its temporary folder is in the arguments that it passes to the engine, and those stay in the
 * engine's memory. The engine sees the folder as its root anyway, so the arguments name the root.
 */
export function makeBuildDeterministic(): void {
  Date.now = () => buildClockMs;
  interceptWizer(hideSourcesPath);
}

const folderOption = "--dir=";

/** Passes the folder as the root instead of under its own path, and replaces its path in the input. */
function hideSourcesPath(call: WizerCall): WizerCall {
  const isFolder = (argument: string): boolean => argument.startsWith(folderOption);
  const path = call.arguments.find(isFolder)?.slice(folderOption.length);
  if (path === undefined) return call;
  return {
    arguments: call.arguments.filter((argument) => !isFolder(argument)),
    input: call.input.replaceAll(path, ""),
  };
}
