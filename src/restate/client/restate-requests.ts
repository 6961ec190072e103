import { setTimeout as delay } from "node:timers/promises";
import { fetch } from "undici";
import type { Headers, RequestInit } from "undici";
import type { RestateFailure } from "../../journal/restate-failure.ts";
import type { RestateNodes } from "./restate-nodes.ts";

/** Requests to Restate that outlast a restart of the server, and the death of one node of a cluster. */

/** A response of Restate, with its whole body. */
export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** @param isRepeatable True if processing the request twice has the same effect as processing it once. */
export type Requester = (path: string, init: RequestInit, isRepeatable: boolean) => Promise<Answer>;

export function requester(nodes: RestateNodes): Requester {
  return async (path, init, isRepeatable) =>
    await nodes.request(
      async ({ url, dispatcher, signal }) => {
        const response = await fetch(`${url}${path}`, { ...init, dispatcher, signal: signal ?? null });
        const { ok, status, headers } = response;
        // A server that ends in the middle of a response is not reachable either.
        return { ok, status, headers, text: await response.text() };
      },
      { isRepeatable, signal: init.signal },
    );
}

/**
 * A server that has just started reports itself healthy before its partitions have leaders. Until then it routes queries
 * and requests to its previous node id, and fails them. In a cluster it takes about ten seconds until other nodes lead the
 * partitions of a node that died.
 */
const leaderTimeoutMs = 20_000;
/** For failures of queries that do not say what they are due to. */
const queryTimeoutMs = 5_000;
const firstRetryMs = 100;
const maxRetryMs = 1_000;

/**
 * Retries a request if Restate finds no leader for its partition. If Restate lost the leader while it processed the
 * request, it may have accepted it, so only a repeatable request is retried then.
 *
 * @param count of nodes: a repeatable request that fails for another reason is sent to each once
 */
export function withRetry(request: Requester, count: number): Requester {
  return async (path, init, isRepeatable) =>
    await retrying(
      async () => await request(path, init, isRepeatable),
      (response, tries) => {
        if (response.status < 500 || isOfHandler(response)) return 0;
        const { message } = failureOf(response);
        if (response.status === 503 && message.startsWith(noLeader)) {
          return isRepeatable || message.endsWith("not leader") ? leaderTimeoutMs : 0;
        }
        return isRepeatable && tries < count ? leaderTimeoutMs : 0;
      },
    );
}

/** Retries a query until Restate can read every partition. */
export function withQueryRetry(request: Requester): Requester {
  return async (path, init, isRepeatable) =>
    await retrying(
      async () => await request(path, init, isRepeatable),
      (response) => {
        if (response.status < 500) return 0;
        const failure = failureOf(response);
        if (isOfNoId(failure)) return 0;
        const isOfChange = leaderChanges.some((part) => failure.message.includes(part));
        return isOfChange ? leaderTimeoutMs : queryTimeoutMs;
      },
    );
}

const noLeader = "Error when routing the request internally";

/** Parts of the messages with which Restate 1.7 reports a query of a partition whose leader died, moves or starts. */
const leaderChanges = [
  noLeader,
  "not leader",
  "connect throttled",
  "handshake failed",
  "connection closed",
  "was shut down or removed",
  "doesn't exist on this node",
  "expecting a partition store",
  "No such scanner",
];

/** @param timeoutOf how long after the first failure to retry after this one; 0 to return it */
async function retrying(
  request: () => Promise<Answer>,
  timeoutOf: (response: Answer, tries: number) => number,
): Promise<Answer> {
  // A request may wait long for its result: the time before the first failure does not count.
  let failedAt: number | undefined;
  for (let tries = 1, waitMs = firstRetryMs; ; tries += 1, waitMs = Math.min(waitMs * 1.5, maxRetryMs)) {
    const response = await request();
    const timeoutMs = response.ok ? 0 : timeoutOf(response, tries);
    failedAt ??= performance.now();
    if (timeoutMs === 0 || performance.now() - failedAt >= timeoutMs) return response;
    await delay(waitMs);
  }
}

/**
 * True if the query contained an id that is well-formed and still not an invocation id, for example because a digit is
 * missing. Restate reports this in the message only.
 */
export function isOfNoId({ message }: RestateFailure): boolean {
  return message.includes("non valid invocation id");
}

export function failureOf({ status, text }: Answer): RestateFailure {
  try {
    return { code: status, ...(JSON.parse(text) as { message: string }) };
  } catch {
    return { code: status, message: text };
  }
}

/** Restate's own errors have the same status codes as a handler's, for example while no executor is registered. */
export function isOfHandler({ headers }: Answer): boolean {
  return headers.get("x-restate-error-source") === "invocation";
}
