import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { usageError } from "../output/cli-error.ts";
import type { Cli } from "./cli.ts";

/**
 * JSON from the command line: the text itself, `@` and a file name, or `-` for standard input.
 *
 * @throws {CliError} if it is missing or invalid
 */
export async function readJson(cli: Cli, given: string, what: string): Promise<unknown> {
  const text = await readText(cli, given, what);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw usageError(
      `Invalid JSON in the ${what}: ${(error as Error).message}`,
      `Quote strings twice: '"text"'. Name a file with @: @${what}.json`,
    );
  }
}

/** A positive integer from the command line. @throws {CliError} */
export function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw usageError(`Invalid number "${text}": use a whole number above 0`);
}

/** For repeatable options. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** Asks for confirmation. @throws {CliError} if the user declines, or if the terminal is not interactive */
export async function confirm(cli: Cli, question: string, yes: boolean | undefined): Promise<void> {
  if (yes === true) return;
  if (!cli.terminal.isInteractive) throw usageError(`${question} Confirm with --yes`);
  const answer = await cli.terminal.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer)) throw usageError("Aborted");
}

/**
 * A secret value: prompted for, or read from standard input without the final line break. It is never an argument, because other users of the machine can read the arguments of a process.
 *
 * @throws {CliError} if it is missing or invalid
 */
export async function readHidden({ terminal }: Cli, question: string, what: string): Promise<string> {
  if (terminal.isInteractive) return await terminal.ask(`${question}: `, { hidden: true });
  const value = (await terminal.readInput(what)).replace(/\r?\n$/, "");
  if (value === "") throw usageError(`No ${what} given`, "Pipe it in: `npx duranium … < file`");
  return value;
}

async function readText({ terminal, folder }: Cli, given: string, what: string): Promise<string> {
  if (given === "-") return await terminal.readInput(what);
  if (!given.startsWith("@")) return given;
  try {
    return await readFile(resolve(folder, given.slice(1)), "utf8");
  } catch (error) {
    throw usageError(`Cannot read the ${what}: ${(error as Error).message}`);
  }
}

/** The version of a fork. */
export type ForkVersion = "same" | "current" | number;

export function parseForkVersion(text: string): ForkVersion {
  return text === "same" || text === "current" ? text : parseCount(text);
}
