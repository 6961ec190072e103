import { startDeadline } from "../base/concurrency/deadline.ts";
import { messageOf } from "../domain/errors.ts";
import { fetchTimeoutMs, maxFetchResponseBytes } from "../domain/limits.ts";
import { openEnvelope } from "../host/network/envelope.ts";
import type { Envelope } from "../host/network/envelope.ts";
import { FetchError } from "../host/network/fetch-error.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../host/network/http-client.ts";
import { responseHeaders } from "../host/network/http-headers.ts";
import { checkRequest, revealed } from "../host/network/http-request.ts";

/**
 * Fetches through the browser, without cookies and without a referrer, even to Duranium's own server. Browsers enforce rules that servers do not: CORS, filtered response headers, and their own user agent. Errors caused by them say so.
 */
export function createBrowserClient(): Pick<HttpClient, "fetch"> {
  return {
    async fetch(request, signal) {
      using deadline = startDeadline(signal, fetchTimeoutMs);
      try {
        return await fetchOnce(request, deadline.signal);
      } catch (error) {
        if (signal.aborted) throw error;
        if (deadline.isOver) throw timedOut();
        throw error instanceof FetchError ? error : refusedByBrowser(request, error);
      }
    },
  };
}

async function fetchOnce(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  const plain = { envelope: openEnvelope, ...request, url: checkRequest(request) };
  const sent = await revealed(plain);
  const holdsSecret = sent.url !== plain.url || sent.body !== plain.body || !sameHeaders(sent, plain);
  const response = await fetch(sent.url, {
    method: sent.method,
    headers: sent.headers.map(([name, value]) => [name, value] as [string, string]),
    body: sent.body.length === 0 ? null : Uint8Array.from(sent.body),
    // The target of a redirect is unknown before it is followed, and no secret may be sent there.
    redirect: holdsSecret && request.redirect === "follow" ? "manual" : request.redirect,
    credentials: "omit",
    referrerPolicy: "no-referrer",
    cache: "no-store",
    signal,
  });
  if (response.type === "opaqueredirect") throw hiddenRedirect(holdsSecret);
  return await read(response, sent.envelope, request);
}

function sameHeaders(sent: Pick<HttpRequest, "headers">, plain: Pick<HttpRequest, "headers">): boolean {
  return sent.headers.every(([, value], index) => value === plain.headers[index]?.[1]);
}

async function read(response: Response, envelope: Envelope, request: HttpRequest): Promise<HttpResponse> {
  const { status, statusText, redirected } = response;
  const maxBytes = Math.min(request.maxResponseBytes ?? Infinity, maxFetchResponseBytes);
  const body = await readBody(response, maxBytes);
  const headers = responseHeaders([...response.headers].flat());
  return {
    status,
    statusText: envelope.redactText(statusText),
    url: envelope.redactText(response.url),
    redirected,
    headers: headers.map(([name, value]) => [name, envelope.redactText(value)] as const),
    body: await envelope.redactBytes(body, maxBytes),
  };
}

async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  // Not every browser iterates streams.
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    length += part.value.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(part.value);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

function tooLarge(maxBytes: number): FetchError {
  return new FetchError(
    "limit-exceeded",
    `the body of the response is larger than ${maxBytes} bytes (fetchResponseBytes)`,
  );
}

function timedOut(): FetchError {
  return new FetchError("fetch-timeout", `no complete response in ${fetchTimeoutMs} ms (fetchTimeoutMs)`);
}

function hiddenRedirect(holdsSecret: boolean): FetchError {
  const why = holdsSecret
    ? "and a request with a secret in it follows none in a preview, as the browser does not say where it leads"
    : "which the browser does not show";
  return new FetchError("fetch-failed", `the response is a redirect, ${why}; an execution sees it`);
}

/** Browsers hide the reason from pages on purpose. */
function refusedByBrowser({ url, envelope = openEnvelope }: HttpRequest, error: unknown): FetchError {
  const origin = URL.parse(url)?.origin ?? "the server";
  return new FetchError(
    "fetch-failed",
    `the browser did not get a response from ${origin}. Either it cannot be reached from here, or it does not allow pages of other sites to read its responses (CORS). CORS affects previews only: executions send requests from the server. Set a mock response for this request, or use a recorded one (${envelope.redactText(messageOf(error))})`,
    { cause: error },
  );
}
