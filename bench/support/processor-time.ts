import { readFile, readdir } from "node:fs/promises";

/** Processor times since the start of the processes, in milliseconds. Available on Linux only. */
export interface ProcessorTimes {
  /** Of the process itself, all threads. */
  readonly own: number;
  /** Of its descendants that are still running. */
  readonly descendants: number;
}

/** The tick of every current platform: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const tickMs = 10;

/** `undefined` on other operating systems. */
export async function readProcessorTimes(pid: number | undefined): Promise<ProcessorTimes | undefined> {
  if (pid === undefined || process.platform !== "linux") return undefined;
  const descendants = await Promise.all((await descendantsOf(pid)).map(ticksOf));
  return {
    own: (await ticksOf(pid)) * tickMs,
    descendants: descendants.reduce((sum, ticks) => sum + ticks, 0) * tickMs,
  };
}

async function descendantsOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(threads.map(async (thread) => await childrenOf(pid, thread)));
  const children = lists.join(" ").split(/\s+/).filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(descendantsOf))).flat()];
}

/** A thread that has just exited has no children. */
async function childrenOf(pid: number, thread: string): Promise<string> {
  return await readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "");
}

/** User and system time: fields 14 and 15, after a name that may contain spaces. */
async function ticksOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
