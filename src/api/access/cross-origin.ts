import { cors } from "hono/cors";
import type { ApiContext } from "../contract/context.ts";
import { corsMaxAgeSeconds } from "../contract/limits.ts";

/**
 * Lets pages of other origins use the API with a key, and never with a cookie, because
 * `Access-Control-Allow-Credentials` is not sent. Browsers withhold responses from all other origins.
 *
 * @param origins the origins of those pages, or `*` for any
 */
export function allowCrossOrigin(origins: readonly string[]) {
  const allow = cors({
    origin: origins.includes("*") ? "*" : [...origins],
    allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowHeaders: [...requestHeaders],
    exposeHeaders: [...answerHeaders],
    maxAge: corsMaxAgeSeconds,
  });
  return async (context: ApiContext, next: () => Promise<void>): Promise<Response | void> => {
    const origin = context.req.header("origin");
    if (origin !== undefined && (origins.includes("*") || origins.includes(origin)))
      return await allow(context, next);
    await next();
    // A cached response must not be reused for an allowed origin.
    context.header("vary", "Origin", { append: true });
  };
}

const requestHeaders = [
  "Accept",
  "Authorization",
  "Content-Type",
  "Idempotency-Key",
  "If-Match",
  "If-None-Match",
  "Last-Event-ID",
  "Prefer",
  "Traceparent",
  "Tracestate",
];

const answerHeaders = [
  "ETag",
  "Idempotency-Replayed",
  "Link",
  "Location",
  "Preference-Applied",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "WWW-Authenticate",
];
