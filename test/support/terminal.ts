import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { endWithTests } from "./end-with-tests.ts";

/** A shell, for tests that do what a document tells its reader to do. */
export interface Terminal extends AsyncDisposable {
  /** Resolves when the shell has come to the end of the commands. */
  run(commands: string): Promise<void>;
  /** Everything that was printed so far. */
  output(): string;
}

export interface TerminalOptions {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A shell that keeps its variables and jobs from one block to the next, as a person's does. */
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
      shell.stdin.write(`${commands}\necho '${mark}'\n`);
      await done;
    },
    output: () => lines.join("\n"),
    async [Symbol.asyncDispose]() {
      // The group: what runs in the background ends as well.
      if (shell.pid !== undefined) process.kill(-shell.pid, "SIGKILL");
      await new Promise((resolve) => shell.once("close", resolve));
    },
  };
}
