import { exitCodes } from "./cli/output/cli-error.ts";
import { openTerminal } from "./cli/output/terminal.ts";
import { runProgram } from "./cli/program.ts";

/** The command line as a process: `bin/duranium.js` loads this. */

// Whoever reads what is printed may have seen enough, as `head` has.
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
// Connections that are kept open, or a terminal that is still read, must not hold it.
await flushed();
process.exit();

/** The second Ctrl-C ends it at once. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  process.on("SIGINT", () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
  });
  return controller.signal;
}

/** What was written to a pipe is written when its reader has taken it, which `process.exit` does not wait for. */
async function flushed(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => void stream.write("", () => resolve()));
  }
}
