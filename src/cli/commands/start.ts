import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { lossOptions } from "../../domain/accepted-losses.ts";
import { CliError, exitCodes } from "../output/cli-error.ts";
import { command } from "../shared/cli.ts";
import type { Cli } from "../shared/cli.ts";

/** `start`: runs the server, with its data in the current folder. */
export function startCommand({ exitWith }: Pick<Cli, "exitWith">): Command {
  const start = command("start", {
    summary: "Start the server with its own Restate; it is configured by environment variables",
    examples: ["start"],
  });
  for (const [name, what] of Object.entries(lossOptions)) start.option(`--${name}`, what);
  return start.action((options: Readonly<Record<string, unknown>>) => {
    if (!passesCheck()) return exitWith(exitCodes.failed);
    buildPage();
    becomeServer(acceptedOf(options));
  });
}

function acceptedOf(options: Readonly<Record<string, unknown>>): readonly string[] {
  const names = Object.keys(lossOptions);
  return names.filter((name) => options[inCamelCase(name)] === true).map((name) => `--${name}`);
}

/** As commander names options. */
function inCamelCase(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

const project = fileURLToPath(new URL("../../..", import.meta.url));
const main = join(project, "src/main.ts");

/** Runs before anything slow. The check prints the errors. */
function passesCheck(): boolean {
  const { status } = spawnSync(process.execPath, [...process.execArgv, main, "--check"], {
    stdio: "inherit",
  });
  return status === 0;
}

/** Builds the web UI as `npm start` does. A container image has the built files but not the tools. */
function buildPage(): void {
  const script = join(project, "scripts/build-web.ts");
  if (!existsSync(script)) return;
  const { status } = spawnSync(process.execPath, [script], { stdio: "inherit" });
  if (status !== 0)
    throw new CliError("Cannot build the web UI", { hint: "Install the build tools with `npm install`" });
}

/** Replaces this process, so that signals and exit codes are the server's. */
function becomeServer(args: readonly string[]): void {
  if (process.execve === undefined) throw new CliError("Duranium runs on Linux and macOS");
  process.execve(process.execPath, [process.execPath, ...process.execArgv, main, ...args]);
}
