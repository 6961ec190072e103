import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { command } from "../cli.ts";
import type { Cli } from "../cli.ts";

/** `start`: the server, with its data in the folder where this is called. */
export function startCommand(cli: Cli): Command {
  return command("start", {
    summary: "Start Duranium here, with a Restate server of its own; its settings are in the environment",
    examples: ["start"],
  }).action(async () => {
    const buildPage = join(project, "scripts/build-web.ts");
    if (existsSync(buildPage)) await runNode(cli, [buildPage]);
    cli.exitWith(await runNode(cli, [join(project, "src/main.ts")]));
  });
}

const project = fileURLToPath(new URL("../../..", import.meta.url));

/** Resolves to its exit code. Ctrl-C is told to both by the terminal, and is for the server to answer. */
async function runNode(cli: Cli, args: readonly string[]): Promise<number> {
  const interrupted = cli.interrupted();
  const child = spawn(process.execPath, args, { stdio: "inherit", cwd: cli.folder });
  const terminate = () => child.kill("SIGTERM");
  process.on("SIGTERM", terminate);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => resolve(code ?? (interrupted.aborted ? 130 : 1)));
    });
  } finally {
    process.off("SIGTERM", terminate);
  }
}
