import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * The Restate server that an owner which was killed left behind. Its guardian ends it within seconds; one that hangs is
 * ended here.
 *
 * A signal goes to a process of ours only. Process ids are used again, and the file that names one may have been copied
 * with its directory, so a process must have the id, the start time, and the data directory in its arguments. The caller
 * holds the lock on the data directory: the process has no living owner.
 */
export interface PidFile {
  /** Records the process group that was just started. */
  write(pid: number): void;
  remove(): void;
  /**
   * Waits until the recorded process has ended, and ends it where that takes long.
   *
   * @returns whether one was recorded that had not been stopped in order
   */
  end(): Promise<boolean>;
}

/** How long it may take to end by itself, and after SIGTERM. */
const endTimeoutMs = 5_000;

/** @param marker the argument by which the command line of the process is recognized */
export function openPidFile(restateDir: string, marker: string): PidFile {
  const path = join(restateDir, fileName);
  return {
    write: (pid) => writeFileSync(path, `${pid} ${startTimeOf(pid) ?? ""}\n`, { mode: 0o600 }),
    remove: () => rmSync(path, { force: true }),
    async end() {
      const recorded = read(path);
      if (recorded === undefined) return false;
      for (let waitedMs = 0; isOurs(recorded, marker); waitedMs += 100) {
        if (waitedMs === endTimeoutMs) signalGroup(recorded.pid, "SIGTERM");
        if (waitedMs >= 2 * endTimeoutMs) signalGroup(recorded.pid, "SIGKILL");
        await delay(100);
      }
      return true;
    },
  };
}

/** Whether a server is recorded that was not stopped in order, or runs. */
export function hasPidFile(restateDir: string): boolean {
  return existsSync(join(restateDir, fileName));
}

const fileName = "restate.pid";

/** Sends a signal to a process and all that it started. One that has ended is no error. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

interface RecordedProcess {
  readonly pid: number;
  readonly startTime: string;
}

function read(path: string): RecordedProcess | undefined {
  try {
    const [pid, ...startTime] = readFileSync(path, "utf8").trim().split(" ");
    const id = Number(pid);
    if (!Number.isSafeInteger(id) || id <= 1) return undefined;
    return { pid: id, startTime: startTime.join(" ") };
  } catch {
    return undefined;
  }
}

function isOurs({ pid, startTime }: RecordedProcess, marker: string): boolean {
  return startTimeOf(pid) === startTime && (argumentsOf(pid)?.includes(marker) ?? false);
}

/** In a form of the platform's own: it is compared, not read. */
function startTimeOf(pid: number): string | undefined {
  try {
    if (process.platform !== "linux") return processStatus(pid, "lstart");
    // The 22nd field; the second, the name in parentheses, may have spaces (man 5 proc_pid_stat).
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function argumentsOf(pid: number): { includes(text: string): boolean } | undefined {
  try {
    if (process.platform !== "linux") return processStatus(pid, "args");
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return undefined;
  }
}

function processStatus(pid: number, column: "lstart" | "args"): string {
  return execFileSync("ps", ["-ww", "-o", `${column}=`, "-p", String(pid)], { encoding: "utf8" }).trim();
}
