import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { usageError } from "../output/cli-error.ts";
import type { Cli } from "./cli.ts";

/**
 * JSON from the command line: itself, `@` and the file that has it, or `-` for standard input.
 *
 * @throws {CliError} where there is none
 */
export async function readJson(cli: Cli, given: string, what: string): Promise<unknown> {
  const text = await readText(cli, given, what);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw usageError(
      `The ${what} is not JSON: ${(error as Error).message}`,
      `Texts need quotes of their own: '"text"'. A file is named with an @: @${what}.json`,
    );
  }
}

/** A whole number from the command line. @throws {CliError} */
export function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw usageError(`"${text}" is no whole number above 0`);
}

/** For options that can be given several times. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** Asks before what cannot be undone. @throws {CliError} where nobody can be asked, or says no */
export async function confirm(cli: Cli, question: string, yes: boolean | undefined): Promise<void> {
  if (yes === true) return;
  if (!cli.terminal.isInteractive) throw usageError(`${question} Say so with --yes`);
  const answer = await cli.terminal.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer)) throw usageError("Nothing was done");
}

/**
 * What nobody else may see: asked for, or read from standard input, without the line break that files end with. Never
 * an argument: those of a process can be read by others.
 *
 * @throws {CliError} where there is none
 */
export async function readHidden({ terminal }: Cli, question: string, what: string): Promise<string> {
  if (terminal.isInteractive) return await terminal.ask(`${question}: `, { hidden: true });
  const value = (await terminal.readInput(what)).replace(/\r?\n$/, "");
  if (value === "") throw usageError(`There is no ${what}`, "Pipe it in: `npx duranium … < file`");
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
