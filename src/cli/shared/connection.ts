import { createClient } from "#client";
import type { DuraniumClient } from "#client";
import { CliError, exitCodes, usageError } from "../output/cli-error.ts";
import { loginFile, readLogin } from "./credentials.ts";
import type { Environment } from "./credentials.ts";

/** Where a server listens that was started with nothing set. */
export const defaultUrl = "http://127.0.0.1:3000";

/** Which installation a command talks to, and as whom. */
export interface Connection {
  readonly url: string;
  readonly client: DuraniumClient;
}

/**
 * What the command says, or else the environment, or else what `login` has kept. A key goes to no other address
 * than the one that it was kept for.
 *
 * @throws {CliError} where there is no key
 */
export async function connect(environment: Environment, givenUrl?: string): Promise<Connection> {
  const { DURANIUM_URL, DURANIUM_API_KEY } = environment;
  const login = await readLogin(loginFile(environment));
  const url = parseUrl(givenUrl ?? nonEmpty(DURANIUM_URL) ?? login?.url ?? defaultUrl);
  const key = nonEmpty(DURANIUM_API_KEY) ?? (login?.url === url ? login.key : undefined);
  if (key === undefined) throw noKey(url);
  return { url, client: createClient({ baseUrl: url, key }) };
}

/** Without a slash at the end. @throws {CliError} */
export function parseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol))
    throw usageError(`"${text}" is no address of an installation`, `Write it as ${defaultUrl}`);
  if (url.username !== "" || url.password !== "")
    throw usageError("The address must not hold a password: the key is asked for by itself");
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function noKey(url: string): CliError {
  return new CliError(`There is no API key for ${url}`, {
    exitCode: exitCodes.notAllowed,
    code: "unauthenticated",
    hint: "Log in with `npx duranium login`, or set DURANIUM_API_KEY",
  });
}
