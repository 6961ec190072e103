import { callHost, assertExecution } from "../../../host/host-calls.ts";
import { neverAborted, untilAborted, type AbortSignal } from "../events/abort-signal.ts";
import { extractBody, readContent, takeBody, type BodyInit, type Content } from "./body.ts";
import { retryOf, timeoutOf } from "./fetch-retry.ts";
import { requireIntegrity } from "./integrity.ts";
import { fetchLocally } from "./local-fetch.ts";
import {
  headOf,
  readHead,
  Request,
  assertBodyAllowed,
  assertDuplex,
  type RequestHead,
  type RequestInit,
} from "./request.ts";
import { withReferrer, type HeaderList } from "./referrer.ts";
import { receivedResponse, type Received, type Response } from "./response.ts";

/**
 * `fetch` of the Fetch standard: the host operation `fetch`, with the arguments `{method, url, headers: [[name,
 * value]…], redirect, retry?, timeout?}` and the request's body.
 *
 * The host is called before `fetch` returns, so requests are journaled in the order of the program. The exception
 * is a body that must be read first (a stream, a blob): it is read to its end before the host is called, and later
 * requests do not wait for it. Otherwise a stream that waits for one of these would deadlock.
 *
 * Rejects like the platform's version: with a `TypeError` if the request is invalid or failed, and with the reason
 * of `signal` when that aborts.
 *
 * @throws {Error} during the evaluation of the workflow
 */
export function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  assertExecution("fetch");
  return send(input, init);
}

async function send(input: string | URL | Request, init: RequestInit | undefined): Promise<Response> {
  const { args, signal, integrity, readBody } = outgoingOf(input, init);
  if (signal !== neverAborted) signal.throwIfAborted();
  const local = fetchLocally(args);
  if (local !== undefined) return await untilAborted(local, signal);
  const taken = readBody?.();
  // Awaiting bytes that are in memory would let the calls of later statements reach the host first.
  const body = taken === undefined || taken instanceof Uint8Array ? taken : await untilAborted(taken, signal);
  const { answer, abandon } = callHost("fetch", args, body);
  const { value, body: received } = await untilAborted(answer, signal, abandon);
  if (integrity !== "") await requireIntegrity(received, integrity, args.url);
  return receivedResponse(value as Received, args.method === "HEAD" ? null : received);
}

/** The arguments of the host operation that are read here. */
interface FetchArguments {
  readonly method: string;
  readonly url: string;
}

/** A request that is about to be sent. */
interface Outgoing {
  readonly args: FetchArguments;
  /** The expected digests of the response. Empty if none are given. */
  readonly integrity: string;
  readonly signal: AbortSignal;
  /** Undefined if the request has no body. */
  readonly readBody?: () => ReturnType<typeof takeBody>;
}

/** The request that `new Request(input, init)` would create. In the common cases no `Request` is constructed. */
function outgoingOf(input: string | URL | Request, init: RequestInit | undefined): Outgoing {
  if (input instanceof Request) return outgoingRequest(new Request(input, init), init);
  const head = readHead(input, init ?? {});
  const body = init?.body;
  if (body === undefined || body === null) {
    const { signal, integrity } = head;
    return { args: argumentsOf(head, listHeaders(head.headers), init), signal, integrity };
  }
  assertBodyAllowed(head);
  assertDuplex(body, init?.["duplex"]);
  return outgoingWithBody(head, body, init);
}

function outgoingRequest(request: Request, init: RequestInit | undefined): Outgoing {
  const head = headOf(request);
  return {
    args: argumentsOf(head, [...request.headers], init),
    signal: head.signal,
    integrity: head.integrity,
    readBody: () => takeBody(request),
  };
}

function outgoingWithBody(head: RequestHead, body: BodyInit, init: RequestInit | undefined): Outgoing {
  const { content, type }: { content: Content; type: string } = extractBody(body);
  const headers = new Headers(head.headers);
  if (type !== "" && !headers.has("content-type")) headers.set("content-type", type);
  return {
    args: argumentsOf(head, [...headers], init),
    signal: head.signal,
    integrity: head.integrity,
    readBody: () => readContent(content),
  };
}

/** Names in lower case and sorted, as the standard lists them. */
function listHeaders(headers: HeadersInit | undefined): HeaderList {
  return headers === undefined ? [] : [...new Headers(headers)];
}

function argumentsOf(
  { method, url, redirect, settings }: RequestHead,
  given: HeaderList,
  init: RequestInit | undefined,
): FetchArguments {
  const headers = withReferrer(given, settings, url);
  const fragment = url.indexOf("#");
  const args = { method, url: fragment === -1 ? url : url.slice(0, fragment), headers, redirect };
  return init === undefined ? args : { ...args, ...timeoutOf(init), ...retryOf(init) };
}
