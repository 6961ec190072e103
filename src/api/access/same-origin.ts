import { DuraniumError } from "../../domain/errors.ts";
import type { ApiContext } from "../contract/context.ts";

/**
 * Whether a browser says that a request comes from a page of this very origin. `Sec-Fetch-Site` says so where the page
 * came by HTTPS or from `localhost`; `Origin` does elsewhere. No page can set either.
 */
function isOwn({ req }: ApiContext, publicOrigin: string | undefined): boolean {
  const site = req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  const origin = req.header("origin");
  if (origin === undefined) return false;
  return origin === publicOrigin || hostOf(origin) === req.header("host")?.toLowerCase();
}

/** Whether the request comes from a browser at all, as far as it says so. */
function isBrowsers({ req }: ApiContext): boolean {
  return req.header("sec-fetch-site") !== undefined || req.header("origin") !== undefined;
}

/** What changes nothing may be asked for by anybody: no other origin can read the answer. */
export function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

/**
 * For what a cookie opens.
 *
 * @param publicOrigin where a proxy before us is reached
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
 * For what needs no cookie, and sets one: programs may do so, and pages of other sites may not.
 *
 * @throws {DuraniumError} `cross-site`
 */
export function rejectCrossSite(context: ApiContext, publicOrigin: string | undefined): void {
  if (isBrowsers(context)) assertSameOrigin(context, publicOrigin);
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
