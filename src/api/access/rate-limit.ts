import { RateLimiterMemory } from "rate-limiter-flexible";
import type { RateLimiterRes } from "rate-limiter-flexible";
import { DuraniumError } from "../../domain/errors.ts";
import type { ApiContext } from "../contract/context.ts";
import { rateLimitWindowSeconds } from "../contract/limits.ts";
import { problemResponse } from "../http/problem.ts";

/** Numbers of requests per `rateLimitWindowSeconds`. */
export interface RateLimitOptions {
  /** Requests with one API key. */
  readonly perKey: number;
  /** Requests from one address: those to public routes, and those with an unknown key. */
  readonly perAddress: number;
  /** Absent if there are no other processes to share the limit of an address with. */
  readonly addressRequests?: SharedRequests;
}

/** Adds up the requests to several processes. */
export interface SharedRequests {
  /** Counts one request for the other processes. */
  add(who: string): void;
  /** Calls the listener with the requests to the other processes. */
  subscribe(listener: (who: string, count: number) => void): void;
}

/** Counts the requests to this process, and those to others if they are shared. */
export interface RateLimit {
  /** Counts one request. Returns the rejection if it exceeds the limit. */
  take(context: ApiContext, who: string): Promise<Response | undefined>;
}

/** @param name the name of the policy in `RateLimit-Policy` */
export function createRateLimit(name: "key" | "address", points: number, shared?: SharedRequests): RateLimit {
  const limiter = new RateLimiterMemory({ points, duration: rateLimitWindowSeconds });
  shared?.subscribe((who, count) => void limiter.penalty(who, count));

  /** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
  function headersOf({ remainingPoints, msBeforeNext }: RateLimiterRes): Record<string, string> {
    return {
      "ratelimit-policy": `"${name}";q=${points};w=${rateLimitWindowSeconds}`,
      ratelimit: `"${name}";r=${Math.max(0, remainingPoints)};t=${seconds(msBeforeNext)}`,
    };
  }

  function refuse(context: ApiContext, state: RateLimiterRes): Response {
    const retryAfter = Math.max(1, seconds(state.msBeforeNext));
    const error = new DuraniumError(
      "rate-limited",
      `Cannot accept the request: there were more than ${points} ${causes[name]} within ` +
        `${rateLimitWindowSeconds} s; try again in ${retryAfter} s`,
    );
    const headers = { ...headersOf(state), "retry-after": String(retryAfter) };
    return problemResponse(error, { instance: encodeURI(context.req.path), headers });
  }

  return {
    async take(context, who) {
      const state = await limiter.consume(who).catch((refusal: RateLimiterRes) => refusal);
      if (state.consumedPoints > points) return refuse(context, state);
      shared?.add(who);
      context.set("rateLimit", headersOf(state));
      return undefined;
    },
  };
}

/** Every response reports the remaining quota, including rejections of all kinds. */
export async function setRateLimitHeaders(context: ApiContext, next: () => Promise<void>): Promise<void> {
  await next();
  for (const [header, value] of Object.entries(context.get("rateLimit") ?? {})) context.header(header, value);
}

const causes = { key: "requests with this API key", address: "requests without a key from this address" };

function seconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
