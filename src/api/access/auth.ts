import { createMiddleware } from "hono/factory";
import { maxApiKeyLength } from "../../domain/limits.ts";
import type { Authenticated, ApiContext } from "../contract/context.ts";
import type { ApiKeyService, ApiKeyView, SessionService } from "../contract/services.ts";
import { problemBody, problemMediaType } from "../http/problem.ts";
import { networkOf } from "./client-address.ts";
import type { ClientAddress } from "./client-address.ts";
import type { RateLimit } from "./rate-limit.ts";
import { isSafe, assertSameOrigin } from "./same-origin.ts";
import { clearSessionCookie, readSessionToken } from "./session-cookie.ts";
import { challengeOf, unauthenticated } from "./unauthenticated.ts";

/** How many requests there may be, and whose they are. */
export interface RequestLimits {
  readonly perKey: RateLimit;
  readonly perAddress: RateLimit;
  readonly clientAddress: ClientAddress;
}

/** Who tells whose a request is. */
export interface Authenticators {
  readonly apiKeys: Pick<ApiKeyService, "authenticate">;
  /** Absent where there is no page. */
  readonly sessions?: Pick<SessionService, "find"> | undefined;
  /** Where a proxy before us is reached. */
  readonly publicOrigin?: string | undefined;
}

/**
 * Lets only requests with a known key through: `Authorization: Bearer <key>` (RFC 6750), or the cookie of a session,
 * which changes something only for the page of this server. Everything that is registered after it is closed, so a new
 * route cannot be left open by forgetting it. Wrong keys and cookies count against the address that they come from, and
 * past its limit all of them are refused alike. A valid key counts by itself, whatever others behind the same address do:
 * a key has 256 random bits, so it is not the limit that keeps it from being guessed.
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

/** Whose a request is: a key's, or a session's, which ends; or why it is nobody's. */
type Identity =
  | { readonly apiKey: ApiKeyView; readonly expiresAt?: number }
  | "missing"
  | "unknown"
  | "ended";

/** Who sends a key says that it is this one which counts, whatever cookies there are. */
async function identify(context: ApiContext, { apiKeys, sessions }: Authenticators): Promise<Identity> {
  const header = context.req.header("authorization");
  const cookie = header === undefined ? readSessionToken(context) : undefined;
  if (cookie !== undefined && sessions !== undefined) return (await sessions.find(cookie)) ?? "ended";
  const token = bearerToken(header);
  if (token === undefined) return "missing";
  const apiKey = await apiKeys.authenticate(token);
  return apiKey === undefined ? "unknown" : { apiKey };
}

/** `undefined` where the header is missing, of another scheme, or no key could look like this. */
export function bearerToken(header: string | undefined): string | undefined {
  const token = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(header ?? "")?.[1];
  return token !== undefined && token.length <= maxApiKeyLength ? token : undefined;
}

/** What was set on the context before, such as cookies, goes along. */
function refuse(context: ApiContext, reason: "missing" | "unknown" | "ended"): Response {
  const error = unauthenticated(reason);
  context.header("www-authenticate", challengeOf(reason));
  context.header("content-type", problemMediaType);
  return context.body(JSON.stringify(problemBody(error, { instance: encodeURI(context.req.path) })), 401);
}
