import { matchesHost } from "../../domain/host-pattern.ts";
import type { Envelope } from "./envelope.ts";
import { FetchError } from "./fetch-error.ts";
import type { HttpRequest } from "./http-client.ts";
import { findMalformedHeader, isToken } from "./http-headers.ts";
import type { HeaderList } from "./http-headers.ts";

/** Validates requests and their destinations, for every HTTP client. */

/**
 * @returns its URL
 * @throws {FetchError} `fetch-invalid`
 */
export function checkRequest({ headers, method, body, url }: HttpRequest): URL {
  const malformed = findMalformedHeader(headers);
  if (malformed !== undefined) throw invalid(`the header ${JSON.stringify(malformed)} cannot be sent`);
  if (!isToken(method)) throw invalid(`${JSON.stringify(method)} is not a method`);
  if (forbiddenMethods.has(method.toUpperCase())) throw invalid(`${method} is not supported`);
  if (body.length > 0 && bodilessMethods.has(method)) {
    throw invalid(`a ${method} request cannot have a body`);
  }
  return httpUrl(url);
}

/** https://fetch.spec.whatwg.org/#forbidden-method */
const forbiddenMethods: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

const bodilessMethods: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** @throws {FetchError} `fetch-invalid` */
export function httpUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base);
  if (url === null) throw invalid("the URL cannot be parsed");
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw invalid(`URLs with "${url.protocol}" are not supported, only "http:" and "https:"`);
  }
  if (url.username !== "" || url.password !== "") {
    throw invalid("the URL has a user name or a password: send an Authorization header instead");
  }
  return url;
}

/** The parts of a request that are checked against the settings of the workflow. */
export interface Destined extends Pick<HttpRequest, "allowed" | "method"> {
  readonly url: URL;
}

/** @throws {FetchError} `egress-refused` */
export function assertAllowedDestination({ url, method, allowed }: Destined): void {
  if (allowed === undefined) return;
  const { hosts, methods } = allowed;
  if (hosts?.some((host) => matchesHost(url, host)) === false)
    throw new FetchError("egress-refused", `the settings of the workflow do not allow ${url.origin}`);
  if (methods !== undefined && !methods.includes(method))
    throw new FetchError("egress-refused", `the settings of the workflow do not allow ${method}`);
}

/** A request with placeholders in place of its secrets. */
export interface Sealed {
  readonly url: URL;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  readonly envelope: Envelope;
}

/**
 * Inserts the secrets into a request.
 *
 * @throws {FetchError} `secret-refused`, `fetch-invalid`
 */
export async function revealed<T extends Sealed>(request: T): Promise<T> {
  const filled = await request.envelope.reveal(request);
  const malformed = findMalformedHeader(filled.headers);
  if (malformed !== undefined)
    throw invalid(`the secret in the header ${malformed} cannot be sent in a header`);
  return filled;
}

function invalid(why: string): FetchError {
  return new FetchError("fetch-invalid", why);
}
