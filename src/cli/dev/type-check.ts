import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The output of a project's own compiler. */
export interface TypeCheck {
  /** True if the project has a compiler and a tsconfig.json. */
  readonly isDone: boolean;
  /** Empty if there are no errors. */
  readonly complaints: string;
}

/** Runs the project's own `tsc`. Without it, or without a tsconfig.json, nothing is checked. */
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
    // A check is aborted if a file changes while it runs.
    child.once("error", () => resolve({ isDone: false, complaints: "" }));
    child.once("close", (code) => resolve({ isDone: true, complaints: code === 0 ? "" : printed.trim() }));
  });
}

const maxComplaintLength = 20_000;
