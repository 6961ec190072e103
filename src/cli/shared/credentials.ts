import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CliError } from "../output/cli-error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What `login` keeps, for its own user only. */
export interface Login {
  readonly url: string;
  readonly key: string;
}

/** `duranium/login.json` in the user's folder for settings (XDG Base Directory Specification). */
export function loginFile({ XDG_CONFIG_HOME, HOME, USERPROFILE }: Environment): string {
  const isSet = XDG_CONFIG_HOME !== undefined && XDG_CONFIG_HOME !== "";
  const base = isSet ? XDG_CONFIG_HOME : join(HOME ?? USERPROFILE ?? ".", ".config");
  return join(base, "duranium", "login.json");
}

/** `undefined` where nobody has logged in. @throws {CliError} where the file is not what `login` writes */
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
    throw new CliError(`${file} is not what \`npx duranium login\` writes`, {
      hint: "Log in again, or remove the file",
    });
  return login;
}

/** No other user can read it, not even for the moment in which it is written. */
export async function writeLogin(file: string, login: Login): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(login, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
  await rename(draft, file);
}

/** Whether there was one. */
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
