import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engineBuildTimeoutMs } from "../../domain/limits.ts";
import type { BuildJob } from "./build-job.ts";

const childEntries: Readonly<Record<BuildJob["kind"], string>> = {
  engine: fileURLToPath(new URL("./build-child.ts", import.meta.url)),
  portable: fileURLToPath(new URL("./portable/portable-child.ts", import.meta.url)),
};

/** How much of what the child says is kept for the message: its end. */
const maxReportCharacters = 16_384;

export interface BuildLimits {
  readonly timeoutMs?: number;
  /** Of each process of the build, in seconds of a core. */
  readonly cpuSeconds?: number;
  /** Ends the build. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds in a child process, which ends with everything that it started when the time is over or when this
 * process does.
 *
 * @param folder empty and the caller's own; the result is in `output` of it, the rest may be thrown away
 * @returns the path of `output`
 * @throws {Error} with what the child said; or the reason of the signal
 */
export async function runBuild(folder: string, job: BuildJob, limits: BuildLimits = {}): Promise<string> {
  limits.signal?.throwIfAborted();
  for (const name of ["cwd", "tmp"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "job.json"), JSON.stringify(job));
  await untilEnd(startChild(folder, job, limits), limits);
  return join(folder, "output");
}

/**
 * The working directory must not be above the temporary one: componentize then takes paths apart wrongly.
 * A process group of its own, so that one signal ends the child and wizer. The environment is no more than
 * what it needs: no secrets of ours go there.
 */
function startChild(folder: string, { kind }: BuildJob, { cpuSeconds }: BuildLimits): ChildProcess {
  const command = [process.execPath, "--disable-warning=ExperimentalWarning", childEntries[kind], folder];
  const limit = cpuSeconds === undefined ? "" : `ulimit -t ${cpuSeconds}; `;
  return spawn("/bin/sh", ["-c", `${limit}exec "$@"`, "build", ...command], {
    cwd: join(folder, "cwd"),
    env: { PATH: "/usr/bin:/bin", TMPDIR: join(folder, "tmp") },
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
  });
}

async function untilEnd(
  child: ChildProcess,
  { timeoutMs = engineBuildTimeoutMs, signal }: BuildLimits,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const report = collect(child);
  const end = (reason: unknown) => {
    killGroup(child);
    reject(reason);
  };
  const tooLong = new Error(`The build took longer than ${timeoutMs / 1_000} s`);
  const timer = setTimeout(() => end(tooLong), timeoutMs);
  const onAbort = () => end(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  child.once("error", reject);
  child.once("close", (code, signal) => {
    if (code === 0) resolve();
    else reject(new Error(report() || `The build process ended with ${signal ?? `code ${code}`}`));
  });
  await promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  });
}

function collect(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(-maxReportCharacters);
  });
  return () => text.trim();
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group has ended in the meantime.
  }
}
