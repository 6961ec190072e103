import { exitCodes } from "./cli/output/cli-error.ts";
import { openTerminal } from "./cli/output/terminal.ts";
import { runProgram } from "./cli/program.ts";

/** The command line as a process: `bin/duranium.js` loads this. */

// The reader of standard output may close it early, as `head` does.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? exitCodes.done : exitCodes.failed);
  });
}

process.exitCode = await runProgram(process.argv.slice(2), {
  terminal: openTerminal(process.env),
  environment: process.env,
  folder: process.cwd(),
  interrupted,
});
// Open connections or a pending read of the terminal must not keep the process alive.
await flushed();
process.exit();

/** A second Ctrl-C ends the process immediately. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  process.on("SIGINT", () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
  });
  return controller.signal;
}

/** Waits until pipes are flushed, which `process.exit` does not do. */
async function flushed(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => void stream.write("", () => resolve()));
  }
}
