import { createMiddleware } from "hono/factory";
import type { ApiKeyView } from "../contract/api-key.ts";
import type { Authenticated, ApiContext } from "../contract/context.ts";
import { maxApiKeyLength } from "../contract/limits.ts";
import type { ApiKeyService, SessionService } from "../contract/services.ts";
import { problemBody, problemMediaType } from "../http/problem.ts";
import { networkOf } from "./client-address.ts";
import type { ClientAddress } from "./client-address.ts";
import type { RateLimit } from "./rate-limit.ts";
import { isSafe, assertSameOrigin } from "./same-origin.ts";
import { clearSessionCookie, readSessionToken } from "./session-cookie.ts";
import { challengeOf, unauthenticated } from "./unauthenticated.ts";

/** Limits requests, and determines the address they count against. */
export interface RequestLimits {
  readonly perKey: RateLimit;
  readonly perAddress: RateLimit;
  readonly clientAddress: ClientAddress;
}

/** Identifies the caller of a request. */
export interface Authenticators {
  readonly apiKeys: Pick<ApiKeyService, "authenticate">;
  /** Absent if the process serves no web UI. */
  readonly sessions?: Pick<SessionService, "find"> | undefined;
  /** The public origin of the API, if a proxy changes the origin of requests. */
  readonly publicOrigin?: string | undefined;
}

/**
 * Admits only requests with a known key: `Authorization: Bearer <key>` (RFC 6750), or the cookie of a session, which
 * may change something only from the web UI of this server. Every route that is registered after it requires
 * authentication, so a new route cannot be left open by mistake. Invalid keys and cookies count against the client's
 * address, and beyond its limit all of them are rejected alike. A valid key counts separately, whatever other clients
 * behind the same address do: a generated key has too many random bits to be guessed, with or without a limit.
 */
export function authentication(authenticators: Authenticators, limits: RequestLimits) {
  return createMiddleware<Authenticated>(async (context, next) => {
    const identity = await identify(context, authenticators);
    if (typeof identity === "string") {
      if (identity === "ended") clearSessionCookie(context);
      const network = networkOf(limits.clientAddress(context));
      return (await limits.perAddress.take(context, network)) ?? refuse(context, identity);
    }
    if (identity.expiresAt !== undefined) {
      if (!isSafe(context.req.method)) assertSameOrigin(context, authenticators.publicOrigin);
      context.set("sessionExpiresAt", identity.expiresAt);
    }
    context.set("apiKey", identity.apiKey);
    return (await limits.perKey.take(context, identity.apiKey.id)) ?? next();
  });
}

/** The caller of a request: a key, or a session, which expires; or the reason why it is not authenticated. */
type Identity =
  | { readonly apiKey: ApiKeyView; readonly expiresAt?: number }
  | "missing"
  | "unknown"
  | "ended";

/** A key in the header takes precedence over cookies. */
async function identify(context: ApiContext, { apiKeys, sessions }: Authenticators): Promise<Identity> {
  const header = context.req.header("authorization");
  const cookie = header === undefined ? readSessionToken(context) : undefined;
  if (cookie !== undefined && sessions !== undefined) return (await sessions.find(cookie)) ?? "ended";
  const token = bearerToken(header);
  if (token === undefined) return "missing";
  const apiKey = await apiKeys.authenticate(token);
  return apiKey === undefined ? "unknown" : { apiKey };
}

/** `undefined` if the header is missing, uses another scheme, or cannot be a key. */
export function bearerToken(header: string | undefined): string | undefined {
  const token = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(header ?? "")?.[1];
  return token !== undefined && token.length <= maxApiKeyLength ? token : undefined;
}

/** Headers that were set on the context before, such as cookies, are part of the response. */
function refuse(context: ApiContext, reason: "missing" | "unknown" | "ended"): Response {
  const error = unauthenticated(reason);
  context.header("www-authenticate", challengeOf(reason));
  context.header("content-type", problemMediaType);
  return context.body(JSON.stringify(problemBody(error, { instance: encodeURI(context.req.path) })), 401);
}
