import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CliError } from "../output/cli-error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The login that `login` stores, readable only by the user. */
export interface Login {
  readonly url: string;
  readonly key: string;
}

/** `duranium/login.json` in the user's configuration folder (XDG Base Directory Specification). */
export function loginFile({ XDG_CONFIG_HOME, HOME, USERPROFILE }: Environment): string {
  const isSet = XDG_CONFIG_HOME !== undefined && XDG_CONFIG_HOME !== "";
  const base = isSet ? XDG_CONFIG_HOME : join(HOME ?? USERPROFILE ?? ".", ".config");
  return join(base, "duranium", "login.json");
}

/** `undefined` if not logged in. @throws {CliError} if the file is malformed */
export async function readLogin(file: string): Promise<Login | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new CliError(`Cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
  const login = parse(text);
  if (login === undefined)
    throw new CliError(`Cannot read ${file}: it is malformed`, {
      hint: "Delete the file and log in again",
    });
  return login;
}

/** Written to a private draft first, so that other users cannot read it at any time. */
export async function writeLogin(file: string, login: Login): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(login, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
  await rename(draft, file);
}

/** True if there was a login. */
export async function removeLogin(file: string): Promise<boolean> {
  try {
    await rm(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

function parse(text: string): Login | undefined {
  try {
    const { url, key } = JSON.parse(text) as Partial<Login>;
    return typeof url === "string" && typeof key === "string" ? { url, key } : undefined;
  } catch {
    return undefined;
  }
}
