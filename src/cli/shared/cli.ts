import { Command } from "commander";
import { printableJson } from "../output/printable.ts";
import type { Terminal } from "../output/terminal.ts";
import { connect } from "./connection.ts";
import type { Connection } from "./connection.ts";
import type { Environment } from "./credentials.ts";

/** What surrounds the commands. */
export interface Cli {
  readonly terminal: Terminal;
  readonly environment: Environment;
  /** Absolute: what paths on the command line are relative to. */
  readonly folder: string;
  /** Aborts at Ctrl-C, for whoever listens; where nobody does, that ends the process. */
  readonly interrupted: () => AbortSignal;
  /** Ends the process with this code once the command is done. */
  readonly exitWith: (code: number) => void;
}

/** The options that every command has. */
export interface CommonOptions {
  readonly json?: true;
  readonly url?: string;
}

/** A command with what all of them have: `--json`, `--url`, and examples below its help. */
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

/** What stands below the help of a command. */
export function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  $ npx duranium ${example}`).join("\n")}`;
}

/** They may stand before the name of a sub-command too: `duranium --url … workflows list`. */
export function withCommonOptions(each: Command): Command {
  return each
    .option("--json", "print JSON")
    .option("--url <url>", "the installation (DURANIUM_URL)")
    .enablePositionalOptions();
}

/** Gives a command the common options that stand before its name. Its own win. */
export function inheritCommonOptions(each: Command): void {
  for (let parent = each.parent; parent !== null; parent = parent.parent) {
    for (const [name, value] of Object.entries(parent.opts<CommonOptions>())) {
      if (each.getOptionValue(name) === undefined) each.setOptionValue(name, value);
    }
  }
}

/** A command that only holds others. */
export function group(name: string, summary: string, commands: readonly Command[]): Command {
  const parent = withCommonOptions(new Command(name).description(summary));
  for (const each of commands) parent.addCommand(each);
  return parent;
}

export async function connected(cli: Cli, { url }: CommonOptions): Promise<Connection> {
  return await connect(cli.environment, url);
}

/** Prints what a command came to: as JSON where that is asked for, and for people otherwise. */
export function show(
  { terminal }: Cli,
  { json }: CommonOptions,
  value: unknown,
  lines: () => readonly string[],
): void {
  if (json === true) terminal.print(printableJson(value, 2));
  else for (const line of lines()) terminal.print(line);
}
