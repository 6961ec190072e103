import { createQuota } from "../../base/concurrency/quota.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ApiContext } from "../contract/context.ts";
import { maxWaitingRequests, maxWaitingRequestsPerKey } from "../contract/limits.ts";
import type { LoadService, OverloadReason } from "../contract/services.ts";
import { problemResponse } from "../http/problem.ts";
import type { Route } from "../http/route.ts";

export interface OverloadOptions {
  readonly load: LoadService;
  /** Requests that are answered concurrently. */
  readonly maxRequests: number;
  /** Requests that wait for an execution, in total and per key. */
  readonly maxWaiting?: number;
  readonly maxWaitingPerKey?: number;
}

/** Admits requests while there is capacity, and rejects the others before reading any part of them. */
export interface ConcurrencyLimiter {
  enter(route: Load, context: ApiContext, answer: () => Promise<Response>): Promise<Response>;
}

type Load = Pick<Route, "createsWork" | "bypassesOverload">;

/** Requests that create work are rejected first, so that executions can still be viewed and cancelled. */
const roomForOthers = 2;

export function createConcurrencyLimiter({
  load,
  maxRequests,
  maxWaiting = maxWaitingRequests,
  maxWaitingPerKey = maxWaitingRequestsPerKey,
}: OverloadOptions): ConcurrencyLimiter {
  const waiting = createQuota({ total: maxWaiting, perHolder: maxWaitingPerKey });
  let underWay = 0;

  function refusalOf({ createsWork, bypassesOverload }: Load): OverloadReason | undefined {
    if (bypassesOverload === true) return undefined;
    const max = createsWork === true ? maxRequests : maxRequests * roomForOthers;
    if (underWay >= max) return { what: `${underWay} requests are under way`, retryAfterSeconds: 1 };
    return createsWork === true ? load.overloadReason() : undefined;
  }

  /** Counts the request as waiting instead of as in flight. */
  function acquireWaitSlot(context: ApiContext): Disposable | undefined {
    const place = waiting.take(context.get("apiKey").id);
    if (place === undefined) return undefined;
    underWay -= 1;
    return {
      [Symbol.dispose]() {
        underWay += 1;
        place[Symbol.dispose]();
      },
    };
  }

  return {
    async enter(route, context, answer) {
      const refusal = refusalOf(route);
      if (refusal !== undefined) return refuse(context, refusal);
      context.set("acquireWaitSlot", () => acquireWaitSlot(context));
      underWay += 1;
      try {
        return await answer();
      } finally {
        underWay -= 1;
      }
    },
  };
}

/** Not a server error, and not logged: an overloaded server may reject thousands of requests per second. */
function refuse(context: ApiContext, { what, retryAfterSeconds }: OverloadReason): Response {
  const message = `Cannot accept the request: ${what}; try again in ${retryAfterSeconds} s`;
  return problemResponse(new DuraniumError("overloaded", message), {
    instance: encodeURI(context.req.path),
    headers: { "retry-after": String(retryAfterSeconds) },
  });
}
