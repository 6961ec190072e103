import { glob, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseRecording } from "../../recordings/parse-recording.ts";
import type { Recording } from "../../recordings/recording.ts";
import { CliError, exitCodes, usageError } from "../output/cli-error.ts";
import type { Cli } from "../shared/cli.ts";

/** @throws {CliError} if a pattern matches no file */
export async function matchingFiles(
  { folder }: Cli,
  patterns: readonly string[],
): Promise<readonly string[]> {
  const files: string[] = [];
  for (const pattern of patterns) {
    const found: string[] = [];
    for await (const name of glob(pattern, { cwd: folder })) found.push(resolve(folder, name));
    if (found.length === 0) throw usageError(`No recording matches "${pattern}"`);
    files.push(...found.toSorted());
  }
  return [...new Set(files)];
}

/** @throws {CliError} if the file is not a recording */
export async function readRecordingFile(path: string): Promise<Recording> {
  try {
    return parseRecording(await readFile(path, "utf8"));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`${path}: ${message}`, { cause, exitCode: exitCodes.usage });
  }
}
