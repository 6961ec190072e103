import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { engineCheckSeconds } from "../../../domain/engines/limits.ts";
import { DuraniumError, messageOf } from "../../../domain/errors.ts";

/**
 * Validates the code of a module that is not trusted and instantiates it once, in a process with limits: this process
 * validates a function only when it is first called, and a hostile module may take long to compile.
 *
 * @throws {DuraniumError} `invalid-engine`, with what V8 reports
 */
export async function checkCore(core: Uint8Array): Promise<void> {
  const child = spawn("/bin/sh", ["-c", `ulimit -t ${engineCheckSeconds}; exec "$@"`, "check", ...command], {
    env: {},
    stdio: ["pipe", "ignore", "pipe"],
    timeout: 2 * engineCheckSeconds * 1_000,
    killSignal: "SIGKILL",
  });
  let report = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    report = (report + text).slice(-maxReportCharacters);
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(messageOf(error)));
    child.once("close", (code, signal) => {
      const crashed =
        signal === null ? `Its check exited with ${code}` : `Its check was ended with ${signal}`;
      resolve(code === 0 ? "" : report.trim() || crashed);
    });
  });
  // The child may exit before it has read everything; how it ended says why.
  child.stdin.on("error", () => {});
  child.stdin.end(core);
  const problem = await ended;
  if (problem !== "")
    throw new DuraniumError("invalid-engine", `Cannot use the engine: its module is not valid: ${problem}`);
}

const maxReportCharacters = 1_000;

const command = [
  process.execPath,
  "--disable-warning=ExperimentalWarning",
  fileURLToPath(new URL("./check-child.ts", import.meta.url)),
];
