import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { testEngineStore } from "./engine.ts";

/** Builds the engine and the web UI before the first test file needs them, concurrently, unless current builds exist. */
export async function setup(): Promise<void> {
  await Promise.all([testEngineStore().current(), buildWeb()]);
}

async function buildWeb(): Promise<void> {
  const script = fileURLToPath(new URL("../../scripts/build-web.ts", import.meta.url));
  const [code] = await once(spawn(process.execPath, [script], { stdio: "inherit" }), "exit");
  if (code !== 0) throw new Error(`Cannot build the web UI: the build ended with ${code}`);
}
