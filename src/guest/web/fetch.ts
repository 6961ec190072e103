import { callHost, requireExecution } from "../host-calls.ts";
import { neverAborted, untilAborted } from "./abort-signal.ts";
import { takeBody } from "./body.ts";
import { retryOf, timeoutOf } from "./fetch-retry.ts";
import { Request, type RequestInit } from "./request.ts";
import { receivedResponse, type Received, type Response } from "./response.ts";

/**
 * `fetch` of the Fetch standard: the host operation `fetch`, with arguments
 * `{method, url, headers: [[name, value]…], redirect, retry?, timeout?}` and the request's body.
 *
 * The host is called before `fetch` returns, so requests are journaled in the order of the program; but a
 * body that must be read first (a stream, a blob) is read to its end before the host is called. Holding the
 * requests after it back until then would be a deadlock where the stream waits for one of them.
 *
 * Rejects as the platform does: `TypeError` where the request is not one, or could not be made; the reason of
 * `signal` where it aborts.
 *
 * @throws {Error} while the workflow is loaded
 */
export function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  requireExecution("fetch");
  return send(input, init);
}

async function send(input: string | URL | Request, init: RequestInit | undefined): Promise<Response> {
  const request = new Request(input, init);
  const { signal } = request;
  signal.throwIfAborted();
  const args =
    init === undefined
      ? argumentsOf(request)
      : { ...argumentsOf(request), ...timeoutOf(init), ...retryOf(init) };
  const taken = takeBody(request);
  // Awaiting bytes that are there would let the calls of later statements go first.
  const body = taken instanceof Uint8Array ? taken : await untilAborted(taken, signal);
  const { answer, abandon } = callHost("fetch", args, body);
  const { value, body: received } = await (signal === neverAborted
    ? answer
    : untilAborted(answer, signal, abandon));
  return receivedResponse(value as Received, received);
}

function argumentsOf(request: Request): object {
  const { method, headers, redirect } = request;
  const [url] = request.url.split("#", 1);
  return { method, url, headers: [...headers], redirect };
}
