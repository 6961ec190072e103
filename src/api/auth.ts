import { createMiddleware } from "hono/factory";
import { DuraniumError } from "../domain/errors.ts";
import { maxApiKeyLength } from "../domain/limits.ts";
import { problemResponse } from "./problem.ts";
import type { ApiKeyService, ApiKeyView } from "./services.ts";

/** What a request carries once it is known whose it is. */
export interface Authenticated {
  readonly Variables: { apiKey: ApiKeyView };
}

/**
 * Lets only requests with a known key through: `Authorization: Bearer <key>` (RFC 6750). Everything that is
 * registered after it is closed, so a new route cannot be left open by forgetting it.
 */
export function authentication(apiKeys: ApiKeyService) {
  return createMiddleware<Authenticated>(async (context, next) => {
    const token = bearerToken(context.req.header("authorization"));
    if (token === undefined) return refuse(context.req.path, "missing");
    const apiKey = await apiKeys.authenticate(token);
    if (apiKey === undefined) return refuse(context.req.path, "unknown");
    context.set("apiKey", apiKey);
    return next();
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
      : "Cannot accept the request: its API key is not known, or was revoked",
  );
  const challenge = 'Bearer realm="duranium"';
  const headers = {
    "www-authenticate": reason === "missing" ? challenge : `${challenge}, error="invalid_token"`,
  };
  return problemResponse(error, { instance: encodeURI(path), headers });
}
