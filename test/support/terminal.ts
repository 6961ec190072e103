import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { endWithTests } from "./end-with-tests.ts";

/** A shell for tests that follow the instructions of a document. */
export interface Terminal extends AsyncDisposable {
  /** Resolves when the shell has executed the commands. */
  run(commands: string): Promise<void>;
  /** The output so far. */
  output(): string;
}

export interface TerminalOptions {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A shell that keeps its variables and jobs between blocks, like a user's. */
export function openTerminal({ folder, environment }: TerminalOptions = {}): Terminal {
  const shell = spawn("bash", {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
    ...(folder === undefined ? {} : { cwd: folder }),
    env: { ...process.env, ...environment },
  });
  endWithTests(shell, "group");
  const lines: string[] = [];
  const reader = createInterface(shell.stdout);
  reader.on("line", (line) => lines.push(line));
  let blocks = 0;
  return {
    async run(commands) {
      const mark = `end of block ${++blocks}`;
      const done = new Promise<void>((resolve) => {
        reader.on("line", (line) => {
          if (line === mark) resolve();
        });
      });
      // A command may leave its last line unfinished.
      shell.stdin.write(`${commands}\nprintf '\\n%s\\n' '${mark}'\n`);
      await done;
    },
    output: () => lines.join("\n"),
    async [Symbol.asyncDispose]() {
      // The whole process group, which includes background jobs.
      if (shell.pid !== undefined) process.kill(-shell.pid, "SIGKILL");
      await new Promise((resolve) => shell.once("close", resolve));
    },
  };
}
