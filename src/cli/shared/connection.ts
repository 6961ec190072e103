import { createClient } from "#client";
import type { DuraniumClient } from "#client";
import { CliError, exitCodes, usageError } from "../output/cli-error.ts";
import { loginFile, readLogin } from "./credentials.ts";
import type { Environment } from "./credentials.ts";

/** The default URL of a server. */
export const defaultUrl = "http://127.0.0.1:3000";

/** The server and the key that a command uses. */
export interface Connection {
  readonly url: string;
  readonly client: DuraniumClient;
}

/**
 * From the command line, else the environment, else `login`. A saved key is only sent to the URL it was saved for.
 *
 * @throws {CliError} if there is no key
 */
export async function connect(environment: Environment, givenUrl?: string): Promise<Connection> {
  const login = await readLogin(loginFile(environment));
  const url = urlOf(environment, givenUrl, login?.url);
  const key = nonEmpty(environment["DURANIUM_API_KEY"]) ?? (login?.url === url ? login.key : undefined);
  if (key === undefined) throw noKey(url);
  return { url, client: createClient({ baseUrl: url, key }) };
}

/** The URL of the server that a command would use, for what needs no key. @throws {CliError} if it is invalid */
export async function serverUrl(environment: Environment, givenUrl?: string): Promise<string> {
  return urlOf(environment, givenUrl, (await readLogin(loginFile(environment)))?.url);
}

function urlOf(environment: Environment, givenUrl: string | undefined, savedUrl: string | undefined): string {
  return parseUrl(givenUrl ?? nonEmpty(environment["DURANIUM_URL"]) ?? savedUrl ?? defaultUrl);
}

/** Without a slash at the end. @throws {CliError} */
export function parseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol))
    throw usageError(`Invalid server URL "${text}"`, `Use a URL such as ${defaultUrl}`);
  if (url.username !== "" || url.password !== "")
    throw usageError("The server URL must not contain a user name or password");
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function noKey(url: string): CliError {
  return new CliError(`No API key for ${url}`, {
    exitCode: exitCodes.notAllowed,
    code: "unauthenticated",
    hint: "Log in with `npx duranium login`, or set DURANIUM_API_KEY",
  });
}
