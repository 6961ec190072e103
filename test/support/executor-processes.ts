import { readFileSync } from "node:fs";
import type { Instance } from "./instance.ts";

/** The executor processes of an instance: its children that run the same program. */
export function executorPids({ pid }: Pick<Instance, "pid">): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  return children.map(Number).filter((child) => commandOf(child).includes("src/main.ts"));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** The attempts that each executor process that is ready has started. */
export async function attemptsOfProcesses(instance: Pick<Instance, "request">): Promise<readonly number[]> {
  const { body } = await instance.request("GET", "/metrics");
  const lines = String(body).matchAll(/^duranium_executor_attempts_total\{executor="\d+"\} (\d+)$/gm);
  return [...lines].map(([, count]) => Number(count));
}
