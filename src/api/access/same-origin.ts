import { DuraniumError } from "../../domain/errors.ts";
import type { ApiContext } from "../contract/context.ts";

/**
 * True if the browser reports that the request comes from a page of this origin. `Sec-Fetch-Site` does so if the page
 * was loaded over HTTPS or from `localhost`, and `Origin` does otherwise. A page can set neither header.
 */
function isOwn({ req }: ApiContext, publicOrigin: string | undefined): boolean {
  const site = req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  const origin = req.header("origin");
  if (origin === undefined) return false;
  return origin === publicOrigin || hostOf(origin) === req.header("host")?.toLowerCase();
}

/** True if the headers show that the request comes from a browser. */
function isBrowsers({ req }: ApiContext): boolean {
  return req.header("sec-fetch-site") !== undefined || req.header("origin") !== undefined;
}

/** Methods that change nothing are allowed from any origin, because other origins cannot read the response. */
export function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

/**
 * Protects routes that a cookie authenticates.
 *
 * @param publicOrigin the public origin of the API, if a proxy changes the origin of requests
 * @throws {DuraniumError} `cross-site`
 */
export function assertSameOrigin(context: ApiContext, publicOrigin: string | undefined): void {
  if (isOwn(context, publicOrigin)) return;
  throw new DuraniumError(
    "cross-site",
    "Cannot accept the request: it comes from another site, or does not say where from, and only this server's own page " +
      "may change something with its cookie. Send an API key instead: Authorization: Bearer <key>",
  );
}

/**
 * Protects routes that need no cookie but set one: programs may call them, and pages of other sites may not.
 *
 * @throws {DuraniumError} `cross-site`
 */
export function rejectCrossSite(context: ApiContext, publicOrigin: string | undefined): void {
  if (isBrowsers(context)) assertSameOrigin(context, publicOrigin);
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
