import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engineBuildTimeoutMs } from "../../domain/limits.ts";
import type { BuildJob } from "./build-job.ts";

const childEntry = fileURLToPath(new URL("./build-child.ts", import.meta.url));

/** How much of what the child says is kept for the message: its end. */
const maxReportCharacters = 16_384;

/**
 * Builds in a child process, which ends with everything that it started when the time is over or when this
 * process does.
 *
 * @param folder empty and the caller's own; the result is in `output` of it, the rest may be thrown away
 * @returns the path of `output`
 * @throws {Error} with what the child said
 */
export async function runBuild(
  folder: string,
  job: BuildJob,
  timeoutMs: number = engineBuildTimeoutMs,
): Promise<string> {
  for (const name of ["cwd", "tmp"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "job.json"), JSON.stringify(job));
  await untilEnd(startChild(folder), timeoutMs);
  return join(folder, "output");
}

/**
 * The working directory must not be above the temporary one: componentize then takes paths apart wrongly.
 * A process group of its own, so that one signal ends the child and wizer. The environment is no more than
 * what it needs: no secrets of ours go there.
 */
function startChild(folder: string): ChildProcess {
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", childEntry, folder], {
    cwd: join(folder, "cwd"),
    env: { PATH: "/usr/bin:/bin", TMPDIR: join(folder, "tmp") },
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
  });
}

async function untilEnd(child: ChildProcess, timeoutMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const report = collect(child);
  const timer = setTimeout(() => {
    killGroup(child);
    reject(new Error(`The build took longer than ${timeoutMs / 1_000} s`));
  }, timeoutMs);
  child.once("error", reject);
  child.once("close", (code, signal) => {
    if (code === 0) resolve();
    else reject(new Error(report() || `The build process ended with ${signal ?? `code ${code}`}`));
  });
  await promise.finally(() => clearTimeout(timer));
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
