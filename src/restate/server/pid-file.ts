import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * The PID file of the embedded Restate server. It finds a server that outlived its Duranium process: the watchdog ends
 * such a server within seconds, and one that hangs is ended here.
 *
 * Only that server may receive a signal. The system reuses process ids, and the data directory may have been copied with
 * the file, so a process must match the id, the start time, and the data directory in its arguments. The caller holds the
 * lock on the data directory, so no other Duranium process owns the server.
 */
export interface PidFile {
  /** Records the process group of a server that was just started. */
  write(pid: number): void;
  remove(): void;
  /**
   * Waits until the recorded process has ended, and ends it if that takes longer than `endTimeoutMs`.
   *
   * @returns true if a process was recorded, so the last server was not shut down cleanly
   */
  end(): Promise<boolean>;
}

/** How long the server may take to end without a signal, and again after SIGTERM. */
const endTimeoutMs = 5_000;

/** @param marker an argument that identifies the server in the command line of its process */
export function openPidFile(restateDir: string, marker: string): PidFile {
  const path = join(restateDir, fileName);
  return {
    write: (pid) => writeFileSync(path, `${pid} ${startTimeOf(pid) ?? ""}\n`, { mode: 0o600 }),
    remove: () => rmSync(path, { force: true }),
    async end() {
      const recorded = read(path);
      if (recorded === undefined) return false;
      for (let waitedMs = 0; isRecorded(recorded, marker); waitedMs += 100) {
        if (waitedMs === endTimeoutMs) signalGroup(recorded.pid, "SIGTERM");
        if (waitedMs >= 2 * endTimeoutMs) signalGroup(recorded.pid, "SIGKILL");
        await delay(100);
      }
      return true;
    },
  };
}

/** True if a server is recorded: it is running, or it was not shut down cleanly. */
export function hasPidFile(restateDir: string): boolean {
  return existsSync(join(restateDir, fileName));
}

const fileName = "restate.pid";

/** Sends a signal to a process group. It does nothing if the group has exited. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The process group has already exited.
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

function isRecorded({ pid, startTime }: RecordedProcess, marker: string): boolean {
  return startTimeOf(pid) === startTime && (argumentsOf(pid)?.includes(marker) ?? false);
}

/** Returns the start time in a format of the platform, which is only compared. */
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
