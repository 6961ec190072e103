import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Instance } from "./instance.ts";

/** Kills the embedded Restate server and its guard, which are one process group. Duranium starts another server. */
export function killRestate({ dataDir }: Pick<Instance, "dataDir">): void {
  const pid = Number.parseInt(readFileSync(join(dataDir, "restate", "restate.pid"), "utf8"), 10);
  process.kill(-pid, "SIGKILL");
}
