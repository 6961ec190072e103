import { deleteCookie, setCookie } from "hono/cookie";
import { maxSessionTokenLength } from "../../domain/limits.ts";
import type { ApiContext } from "../contract/context.ts";

export const sessionCookieName = "duranium_session";

/**
 * The token that the request's cookie holds; `undefined` where there is none. Another site below the same domain can
 * set a second cookie of this name, and nobody can tell then which is ours: that is none, too.
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

/** No script reads it, and no other site sends it. */
function attributesOf(context: ApiContext) {
  return { httpOnly: true, sameSite: "Strict", path: "/", secure: isHttps(context) } as const;
}

/** TLS ends before us. The browser says with what the page came that asks, and no page can say another. */
function isHttps({ req }: ApiContext): boolean {
  return req.header("origin")?.startsWith("https:") ?? false;
}
