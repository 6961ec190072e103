import { createMiddleware } from "hono/factory";
import { DuraniumError } from "../domain/errors.ts";
import { maxApiKeyLength } from "../domain/limits.ts";
import { networkOf } from "./client-address.ts";
import type { ClientAddress } from "./client-address.ts";
import { problemResponse } from "./problem.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { ApiKeyService, ApiKeyView } from "./services.ts";

/** What a request carries once it is known whose it is. */
export interface Authenticated {
  readonly Variables: {
    apiKey: ApiKeyView;
    /** The operation that answers, where there is one. */
    operationId?: string;
  };
}

/** How many requests there may be, and whose they are. */
export interface RequestLimits {
  readonly perKey: RateLimit;
  readonly perAddress: RateLimit;
  readonly clientAddress: ClientAddress;
}

/**
 * Lets only requests with a known key through: `Authorization: Bearer <key>` (RFC 6750). Everything that is
 * registered after it is closed, so a new route cannot be left open by forgetting it. Wrong keys count against the
 * address that they come from, so nobody can try many.
 */
export function authentication(apiKeys: ApiKeyService, limits: RequestLimits) {
  return createMiddleware<Authenticated>(async (context, next) => {
    const network = networkOf(limits.clientAddress(context));
    const refusal = await limits.perAddress.look(context, network);
    if (refusal !== undefined) return refusal;
    const fail = async (reason: "missing" | "unknown") =>
      (await limits.perAddress.take(context, network)) ?? refuse(context.req.path, reason);
    const token = bearerToken(context.req.header("authorization"));
    if (token === undefined) return await fail("missing");
    const apiKey = await apiKeys.authenticate(token);
    if (apiKey === undefined) return await fail("unknown");
    context.set("apiKey", apiKey);
    return (await limits.perKey.take(context, apiKey.id)) ?? next();
  });
}

/** `undefined` where the header is missing, of another scheme, or no key could look like this. */
export function bearerToken(header: string | undefined): string | undefined {
  const token = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(header ?? "")?.[1];
  return token !== undefined && token.length <= maxApiKeyLength ? token : undefined;
}

function refuse(path: string, reason: "missing" | "unknown"): Response {
  const error = new DuraniumError(
    "unauthenticated",
    reason === "missing"
      ? "Cannot accept the request without an API key: send it as Authorization: Bearer <key>"
      : "Cannot accept the request: its API key is not known, has expired or was revoked",
  );
  const challenge = 'Bearer realm="duranium"';
  const headers = {
    "www-authenticate": reason === "missing" ? challenge : `${challenge}, error="invalid_token"`,
  };
  return problemResponse(error, { instance: encodeURI(path), headers });
}
