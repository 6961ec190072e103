import { deleteCookie, setCookie } from "hono/cookie";
import type { ApiContext } from "../contract/context.ts";
import { maxSessionTokenLength } from "../contract/limits.ts";

export const sessionCookieName = "duranium_session";

/**
 * The token in the cookie of the request; `undefined` without one. Another site of the same domain can set a second
 * cookie of this name, and the server cannot distinguish the two, so two cookies count as none.
 */
export function readSessionToken({ req }: ApiContext): string | undefined {
  const [token, ...others] = Array.from(
    (req.header("cookie") ?? "").matchAll(/(?:^|;)\s*duranium_session=([\w-]*)\s*(?=;|$)/g),
    ([, value = ""]) => value,
  );
  if (token === undefined || others.some((other) => other !== token)) return undefined;
  return token.length > 0 && token.length <= maxSessionTokenLength ? token : undefined;
}

/** @param expiresAt milliseconds since the Unix epoch */
export function setSessionCookie(
  context: ApiContext,
  { token, expiresAt }: { readonly token: string; readonly expiresAt: number },
): void {
  setCookie(context, sessionCookieName, token, { ...attributesOf(context), expires: new Date(expiresAt) });
}

export function clearSessionCookie(context: ApiContext): void {
  deleteCookie(context, sessionCookieName, attributesOf(context));
}

/** Scripts cannot read the cookie, and browsers do not send it with requests from other sites. */
function attributesOf(context: ApiContext) {
  return { httpOnly: true, sameSite: "Strict", path: "/", secure: isHttps(context) } as const;
}

/** TLS may end at a proxy, so the scheme of the page is read from the browser's headers, which no page can change. */
function isHttps({ req }: ApiContext): boolean {
  return req.header("origin")?.startsWith("https:") ?? false;
}
