import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** What the compiler of a project says of it, as it says it. */
export interface TypeCheck {
  /** Whether there was something to check with. */
  readonly isDone: boolean;
  /** Empty where nothing is wrong. */
  readonly complaints: string;
}

/** Runs the project's own `tsc`; without that, or a tsconfig.json, there is nothing to check by. */
export async function checkTypes(folder: string, signal: AbortSignal): Promise<TypeCheck> {
  const compiler = join(folder, "node_modules/.bin/tsc");
  if (!existsSync(compiler) || !existsSync(join(folder, "tsconfig.json")))
    return { isDone: false, complaints: "" };
  const child = spawn(compiler, ["--noEmit", "-p", folder], {
    cwd: folder,
    signal,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const keep = (chunk: Buffer) => {
    if (printed.length < maxComplaintLength) printed += chunk.toString("utf8");
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  return await new Promise((resolve) => {
    // An older check is given up when a file changes meanwhile.
    child.once("error", () => resolve({ isDone: false, complaints: "" }));
    child.once("close", (code) => resolve({ isDone: true, complaints: code === 0 ? "" : printed.trim() }));
  });
}

const maxComplaintLength = 20_000;
