import { Agent } from "undici";
import type { Dispatcher } from "undici";
import { startDeadline } from "../../base/concurrency/deadline.ts";
import { FairSemaphore } from "../../base/concurrency/fair-semaphore.ts";
import { createKeyedSemaphore } from "../../base/concurrency/semaphore.ts";
import { fetchTimeoutMs, maxFetchResponseBytes } from "../../domain/limits.ts";
import type { EgressRules } from "../../domain/workflow-settings.ts";
import {
  maxFetchConnectionsPerOrigin,
  maxFetchHeaderBytes,
  maxFetchRedirects,
  maxFetches,
  maxConcurrentFetches,
  maxFetchesPerWorkflow,
} from "../limits.ts";
import { createAgentPool } from "./agent-pool.ts";
import type { AgentPool } from "./agent-pool.ts";
import { createBodyMemory } from "./body-budget.ts";
import type { BodyMemory } from "./body-budget.ts";
import { createConnector } from "./connector.ts";
import type { EgressPolicy } from "./egress.ts";
import { openEnvelope } from "./envelope.ts";
import type { Envelope } from "./envelope.ts";
import { FetchError } from "./fetch-error.ts";
import { readBody } from "./http-body.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "./http-client.ts";
import { redirectedHeaders, requestHeaders, responseHeaders, valuesOf } from "./http-headers.ts";
import type { HeaderList } from "./http-headers.ts";
import { checkRequest, httpUrl, assertAllowedDestination, revealed } from "./http-request.ts";
import { createNameResolver } from "./name-resolver.ts";
import type { Resolve } from "./name-resolver.ts";

export interface HttpClientOptions {
  readonly policy: EgressPolicy;
  readonly resolve?: Resolve;
  /** Called when the main thread starts to process a response, for the crash guard. Disposed when the result is complete. */
  readonly markWork?: MarkWork;
  /** Defaults to the limits of `domain/limits.ts`. Tests use smaller ones. */
  readonly limits?: Partial<HttpLimits>;
}

type MarkWork = (executionId: string) => Disposable;

export interface HttpLimits {
  readonly maxResponseBytes: number;
  readonly timeoutMs: number;
  /** The sockets of one workflow to one origin. Further requests wait for a socket. */
  readonly connectionsPerOrigin: number;
  /** The concurrent fetches of one execution. Further ones wait. */
  readonly concurrentFetches: number;
}

const usualLimits: HttpLimits = {
  maxResponseBytes: maxFetchResponseBytes,
  timeoutMs: fetchTimeoutMs,
  connectionsPerOrigin: maxFetchConnectionsPerOrigin,
  concurrentFetches: maxConcurrentFetches,
};

/**
 * The HTTP client of a server: the Fetch standard without a browser, within the limits and to permitted addresses only. It owns
 * its connections, so it must be disposed.
 *
 * Deliberately not here: cookies, caches, proxies, HTTP/2, `http+unix`, credentials in URLs.
 */
export function createHttpClient({
  policy,
  resolve = createNameResolver(),
  limits: given = {},
  markWork = () => ({ [Symbol.dispose]: () => {} }),
}: HttpClientOptions): HttpClient {
  const limits = { ...usualLimits, ...given };
  const semaphore = createKeyedSemaphore(limits.concurrentFetches);
  const agents = createAgentPool(
    (workflowId) =>
      new Agent({
        connect: createConnector({ policy, resolve, workflowId }),
        connections: limits.connectionsPerOrigin,
        pipelining: 1,
        maxHeaderSize: maxFetchHeaderBytes,
        allowH2: false,
        // Undici's own timeouts are off, because one timeout covers the whole fetch.
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
  );
  const fetches = new FairSemaphore({ capacity: maxFetches, perKey: maxFetchesPerWorkflow });
  // Redaction runs on the main thread, so the workflows take turns.
  const redactions = new FairSemaphore({ capacity: 1, perKey: 1 });
  const context = { agents, limits, redactions, bodies: createBodyMemory(), markWork };
  async function fetchInSlot(first: Hop, signal: AbortSignal): Promise<HttpResponse> {
    const { executionId } = first;
    using _slot = executionId === undefined ? undefined : await semaphore.take(executionId, signal);
    using _permit = await fetches.take(first.workflowId, signal);
    return await follow(context, first, signal);
  }
  return {
    async fetch(request, signal) {
      using deadline = startDeadline(signal, limits.timeoutMs);
      try {
        return await orAborted(fetchInSlot(firstHop(request), deadline.signal), deadline.signal);
      } catch (error) {
        if (signal.aborted) throw error;
        throw deadline.isOver ? timedOut(limits) : redacted(FetchError.of(error), request);
      }
    },
    [Symbol.asyncDispose]: async () => await agents[Symbol.asyncDispose](),
  };
}

/** The resources that all fetches of a client share. */
interface ClientContext {
  readonly agents: AgentPool;
  readonly bodies: BodyMemory;
  readonly limits: HttpLimits;
  readonly redactions: FairSemaphore;
  readonly markWork: MarkWork;
}

function timedOut({ timeoutMs }: HttpLimits): FetchError {
  return new FetchError("fetch-timeout", `no complete response in ${timeoutMs} ms (fetchTimeoutMs)`);
}

/** The message of a network error may quote the request, so secrets are redacted from it. */
function redacted(error: FetchError, { envelope = openEnvelope }: HttpRequest): FetchError {
  return new FetchError(error.code, envelope.redactText(error.message), { cause: error });
}

/** One request of a fetch: the first, or one after a redirect. */
interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  readonly redirect: HttpRequest["redirect"];
  readonly envelope: Envelope;
  readonly executionId?: string;
  readonly workflowId: string;
  readonly maxResponseBytes?: number;
  readonly assertCapacity?: (bodyBytes: number) => void;
  readonly allowed?: EgressRules | undefined;
  readonly beforeRedirect?: HttpRequest["beforeRedirect"];
  /** The number of redirects before this request. */
  readonly redirects: number;
}

function firstHop(request: HttpRequest): Hop {
  return { envelope: openEnvelope, workflowId: "", ...request, url: checkRequest(request), redirects: 0 };
}

async function follow(context: ClientContext, first: Hop, signal: AbortSignal): Promise<HttpResponse> {
  using pooled = context.agents.take(first.workflowId);
  for (let hop = first; ;) {
    assertAllowedDestination(hop);
    const answer = await send(pooled.agent, await revealed(hop), signal);
    const location = redirectLocation(hop, answer);
    if (location === undefined) return await read(context, hop, answer, signal);
    discard(answer, signal);
    // A secret that a server puts into the redirect's URL must be allowed for that destination like any other.
    hop = nextHop(hop, answer.status, hop.envelope.redactText(location));
    await hop.beforeRedirect?.(hop.url);
  }
}

/** The head of a response and its unread body. */
interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
  readonly body: Dispatcher.ResponseData["body"];
}

async function send(agent: Agent, hop: Hop, signal: AbortSignal): Promise<Answer> {
  const { statusCode, statusText, headers, body } = await agent.request({
    origin: hop.url.origin,
    path: `${hop.url.pathname}${hop.url.search}`,
    method: hop.method,
    headers: requestHeaders(hop.headers).flat(),
    body: hop.body.length === 0 ? null : hop.body,
    responseHeaders: "raw",
    signal,
  });
  // The reader of the body receives its errors. Without a reader, an unhandled `error` event would end the process.
  body.on("error", () => {});
  // Undici's types describe parsed headers, but this option returns raw ones.
  const raw = headers as unknown as readonly string[];
  return { status: statusCode, statusText, headers: responseHeaders(raw), body };
}

/** Returns the URL of a redirect to follow, or undefined if the response is for the workflow. */
function redirectLocation(hop: Hop, answer: Answer): string | undefined {
  if (hop.redirect === "manual" || !redirectStatuses.has(answer.status)) return undefined;
  if (hop.redirect === "error") {
    answer.body.destroy();
    throw new FetchError(
      "fetch-failed",
      `the response is a redirect (${answer.status}), and "redirect" is "error"`,
    );
  }
  const location = valuesOf(answer.headers, "location")[0];
  return location === undefined ? undefined : utf8Of(location);
}

/**
 * Decodes the URL of a `Location` header. Headers arrive as Latin-1, one character for each byte, and URLs that are not
 * percent-encoded are read as UTF-8, as in Node's fetch and browsers.
 */
function utf8Of(value: string): string {
  return Buffer.from(value, "latin1").toString("utf8");
}

/** https://fetch.spec.whatwg.org/#redirect-status */
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** https://fetch.spec.whatwg.org/#http-redirect-fetch */
function nextHop(hop: Hop, status: number, location: string): Hop {
  if (hop.redirects >= maxFetchRedirects) {
    throw new FetchError("limit-exceeded", `more than ${maxFetchRedirects} redirects (maxFetchRedirects)`);
  }
  const url = redirectUrl(location, hop.url);
  const becomesGet = isRewrittenToGet(status, hop.method);
  const changed = { origin: url.origin !== hop.url.origin, body: becomesGet };
  return {
    ...hop,
    url,
    headers: redirectedHeaders(hop.headers, changed),
    ...(becomesGet ? { method: "GET", body: new Uint8Array() } : {}),
    redirects: hop.redirects + 1,
  };
}

function redirectUrl(location: string, base: URL): URL {
  try {
    return httpUrl(location, base);
  } catch (error) {
    const why = FetchError.of(error).message;
    throw new FetchError("egress-refused", `the redirect cannot be followed: ${why}`, { cause: error });
  }
}

function isRewrittenToGet(status: number, method: string): boolean {
  if (status === 303) return method !== "GET" && method !== "HEAD";
  return (status === 301 || status === 302) && method === "POST";
}

/** Reads a short remainder so that the connection can be reused, and closes the connection otherwise. */
function discard(answer: Answer, signal: AbortSignal): void {
  answer.body.dump({ limit: 16_384, signal }).catch(() => {});
}

async function read(
  { bodies, limits, redactions, markWork }: ClientContext,
  hop: Hop,
  answer: Answer,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { status, statusText, headers } = answer;
  const maxBytes = Math.min(hop.maxResponseBytes ?? Infinity, limits.maxResponseBytes);
  using room = bodies.open(hop.workflowId, signal);
  const body = await readBody(answer.body, {
    contentEncoding: valuesOf(headers, "content-encoding").join(","),
    maxBytes,
    async assertCapacity(bodyBytes) {
      hop.assertCapacity?.(bodyBytes);
      await room.require(bodyBytes);
    },
  });
  const url = hop.url.href.slice(0, hop.url.href.length - hop.url.hash.length);
  const { envelope } = hop;
  using _turn = await redactions.take(hop.workflowId, signal);
  using _work = markWork(hop.executionId ?? "");
  return {
    status,
    statusText: envelope.redactText(statusText),
    url: envelope.redactText(url),
    redirected: hop.redirects > 0,
    headers: headers.map(([name, value]) => [name, envelope.redactText(value)] as const),
    body: await envelope.redactBytes(body, maxBytes, signal),
  };
}

/** Rejects on an abort while connecting: Undici reacts to it only once connected, and a DNS lookup cannot be aborted. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
