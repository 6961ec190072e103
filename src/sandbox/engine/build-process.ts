import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildJob } from "./build-job.ts";

/** Timeout of an engine build. Componentize and transpile take 3 to 20 s on an idle machine. */
export const engineBuildTimeoutMs = 240_000;

const childEntries: Readonly<Record<Job["kind"], string>> = {
  engine: fileURLToPath(new URL("./build-child.ts", import.meta.url)),
  portable: fileURLToPath(new URL("./portable/portable-child.ts", import.meta.url)),
  component: fileURLToPath(new URL("../components/component-child.ts", import.meta.url)),
};

/** A build from source, or the preparation of a module, which is a file in the folder. */
type Job = BuildJob | { readonly kind: "component" };

/** The maximum length of the child's output in the error message; the end is kept. */
const maxReportCharacters = 16_384;

export interface BuildLimits {
  readonly timeoutMs?: number;
  /** The processor time limit of each process of the build, in seconds. */
  readonly cpuSeconds?: number;
  /** The memory that each process of the build may allocate. macOS has no such limit. */
  readonly memoryBytes?: number;
  /** Aborts the build. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds in a child process. The child and everything it started end at the timeout, on abort, and when this
 * process exits.
 *
 * @param folder empty and owned by the caller; the result is in its `output`, the rest may be deleted
 * @returns the path of `output`
 * @throws {Error} with the child's output; or the reason of the signal
 */
export async function runBuild(folder: string, job: Job, limits: BuildLimits = {}): Promise<string> {
  limits.signal?.throwIfAborted();
  for (const name of ["cwd", "tmp"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "job.json"), JSON.stringify(job));
  await untilEnd(startChild(folder, job, limits), limits);
  return join(folder, "output");
}

/**
 * The working directory must not be an ancestor of the temporary folder, because componentize then splits
 * paths incorrectly. The child has its own process group, so that one signal ends it and wizer. Its
 * environment contains only what it needs and no secrets.
 */
function startChild(folder: string, { kind }: Job, limits: BuildLimits): ChildProcess {
  const command = [process.execPath, "--disable-warning=ExperimentalWarning", childEntries[kind], folder];
  return spawn("/bin/sh", ["-c", `${limitCommands(limits)}exec "$@"`, "build", ...command], {
    cwd: join(folder, "cwd"),
    env: { PATH: "/usr/bin:/bin", TMPDIR: join(folder, "tmp") },
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
  });
}

function limitCommands({ cpuSeconds, memoryBytes }: BuildLimits): string {
  const cpu = cpuSeconds === undefined ? "" : `ulimit -t ${cpuSeconds}; `;
  const memory = memoryBytes === undefined ? "" : `ulimit -d ${memoryBytes / 1_024} 2>/dev/null; `;
  return cpu + memory;
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
  const tooLong = new Error(`The build timed out after ${timeoutMs / 1_000} s`);
  const timer = setTimeout(() => end(tooLong), timeoutMs);
  const onAbort = () => end(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  child.once("error", reject);
  child.once("close", (code, signal) => {
    if (code === 0) resolve();
    else reject(new Error(report() || `The build process exited with ${signal ?? `code ${code}`}`));
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
    // The process group has already exited.
  }
}
