import { execFile, spawn } from "node:child_process";
import { appendFile, mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";

/** The commands of a build, with their output in a file. */
export interface CommandOptions {
  /** The whole environment, so that a build depends on its inputs alone. If it is absent, that of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Output is appended to this file. */
  readonly logFile: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a command and waits for its end. It and everything it started end on abort.
 *
 * @throws {Error} with the last lines of its output; the reason of the signal
 */
export async function runCommand(command: readonly string[], options: CommandOptions): Promise<void> {
  const { logFile, signal } = options;
  signal?.throwIfAborted();
  await mkdir(dirname(logFile), { recursive: true });
  await appendFile(logFile, `$ ${command.join(" ")}\n`);
  const ended = await untilEnd(command, options);
  signal?.throwIfAborted();
  if (ended === undefined) return;
  throw new Error(`${command[0]} ${ended}. The end of its output (${logFile}):\n${await lastLines(logFile)}`);
}

/** Runs a command whose output is short, and returns what it wrote to standard output. */
export async function readCommand(
  [name = "", ...args]: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { env, cwd, signal } = options;
  const { stdout } = await promisify(execFile)(name, args, {
    cwd,
    ...(env && { env }),
    ...(signal && { signal }),
  });
  return stdout;
}

/** How it failed; `undefined` if it did not. */
async function untilEnd(
  [name = "", ...args]: readonly string[],
  { env, cwd, logFile, signal }: CommandOptions,
): Promise<string | undefined> {
  await using log = await open(logFile, "a");
  // A process group of its own, so that one signal ends it and what it started.
  const child = spawn(name, args, { cwd, env, detached: true, stdio: ["ignore", log.fd, log.fd] });
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const end = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  signal?.addEventListener("abort", end, { once: true });
  child.once("error", ({ message }) => resolve(`could not be started (${message})`));
  child.once("close", (code, killed) =>
    resolve(code === 0 ? undefined : killed === null ? `ended with code ${code}` : `was ended by ${killed}`),
  );
  return await promise.finally(() => signal?.removeEventListener("abort", end));
}

async function lastLines(path: string): Promise<string> {
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  return lines.slice(-15).join("\n");
}
