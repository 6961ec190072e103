import { buildClockMs } from "./fixed-embedding.ts";
import { interceptWizer } from "./wizer-call.ts";
import type { WizerCall } from "./wizer-call.ts";

/**
 * Takes out of the calling process what would make two builds of the same inputs differ. Only for a
 * process whose one task is a build.
 *
 * - componentize stores the time of the build in the functions that it puts in place of the clocks.
 * - The path of its temporary folder is in the arguments that it gives to the engine when it starts it, and
 *   they stay in the engine's memory. The engine sees the folder as its root anyway, so it is told that name.
 */
export function makeBuildDeterministic(): void {
  Date.now = () => buildClockMs;
  interceptWizer(hideSourcesPath);
}

const folderOption = "--dir=";

/** The folder that is passed on under its own path is not, and its path in the input becomes the root. */
function hideSourcesPath(call: WizerCall): WizerCall {
  const isFolder = (argument: string): boolean => argument.startsWith(folderOption);
  const path = call.arguments.find(isFolder)?.slice(folderOption.length);
  if (path === undefined) return call;
  return {
    arguments: call.arguments.filter((argument) => !isFolder(argument)),
    input: call.input.replaceAll(path, ""),
  };
}
