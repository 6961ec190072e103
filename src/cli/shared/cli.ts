import { Command } from "commander";
import { printableJson } from "../output/printable.ts";
import type { Terminal } from "../output/terminal.ts";
import { connect } from "./connection.ts";
import type { Connection } from "./connection.ts";
import type { Environment } from "./credentials.ts";

/** The environment of the commands. */
export interface Cli {
  readonly terminal: Terminal;
  readonly environment: Environment;
  /** Absolute; paths on the command line are relative to it. */
  readonly folder: string;
  /** Aborts at Ctrl-C. Without a listener, Ctrl-C ends the process. */
  readonly interrupted: () => AbortSignal;
  /** Sets the exit code of the process. */
  readonly exitWith: (code: number) => void;
}

/** The options that every command has. */
export interface CommonOptions {
  readonly json?: true;
  readonly url?: string;
}

/** A command with the common options `--json` and `--url`, and with examples in its help. */
export function command(
  name: string,
  { summary, examples }: { readonly summary: string; readonly examples: readonly string[] },
): Command {
  const each = new Command(name)
    .description(summary)
    .summary(summary.split(/[.;:] /, 1)[0] ?? summary)
    .addHelpText("after", examplesText(examples));
  return withCommonOptions(each);
}

/** The examples at the end of a command's help. */
export function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  $ npx duranium ${example}`).join("\n")}`;
}

/** Also accepted before the name of a sub-command: `duranium --url … workflows list`. */
export function withCommonOptions(each: Command): Command {
  return each
    .option("--json", "print JSON")
    .option("--url <url>", "server URL (DURANIUM_URL)")
    .enablePositionalOptions();
}

/** Passes common options from before a command's name to it. Its own options take precedence. */
export function inheritCommonOptions(each: Command): void {
  for (let parent = each.parent; parent !== null; parent = parent.parent) {
    for (const [name, value] of Object.entries(parent.opts<CommonOptions>())) {
      if (each.getOptionValue(name) === undefined) each.setOptionValue(name, value);
    }
  }
}

/** A command that only groups sub-commands. */
export function group(name: string, summary: string, commands: readonly Command[]): Command {
  const parent = withCommonOptions(new Command(name).description(summary));
  for (const each of commands) parent.addCommand(each);
  return parent;
}

export async function connected(cli: Cli, { url }: CommonOptions): Promise<Connection> {
  return await connect(cli.environment, url);
}

/** Prints the result of a command, as JSON with `--json` and as text otherwise. */
export function show(
  { terminal }: Cli,
  { json }: CommonOptions,
  value: unknown,
  lines: () => readonly string[],
): void {
  if (json === true) terminal.print(printableJson(value, 2));
  else for (const line of lines()) terminal.print(line);
}
