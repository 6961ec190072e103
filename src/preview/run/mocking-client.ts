import { fromBase64, toBase64 } from "../../base/bytes.ts";
import { messageOf } from "../../domain/errors.ts";
import type { Failure } from "../../domain/outcome.ts";
import { FetchError } from "../../host/network/fetch-error.ts";
import type { FetchErrorCode } from "../../host/network/fetch-error.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../../host/network/http-client.ts";
import { checkRequest, assertAllowedDestination } from "../../host/network/http-request.ts";
import type { Answer, MockedFetch, NetworkMode, PendingRequest, MockResponse } from "../contract/preview.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/**
 * Wraps the network: returns mock responses, records the responses of the network, and turns other requests into pending requests. Requests and destinations are validated by the same rules as in an execution.
 */
export interface MockingClient {
  /** The client of one step, whose index is known once its effect runs. */
  forStep(index: () => number): HttpClient;
  /** Responses of the network so far. */
  readonly recorded: readonly MockedFetch[];
}

export interface MockingClientOptions {
  readonly http: Pick<HttpClient, "fetch">;
  readonly mode: NetworkMode;
  readonly answers: readonly MockedFetch[];
  readonly clock: VirtualClock;
  readonly ask: (pending: PendingRequest, signal: AbortSignal) => Promise<Answer>;
}

export function createMockingClient(options: MockingClientOptions): MockingClient {
  const { http, mode, clock, ask } = options;
  const answers = options.answers.map(prepareAnswer);
  let recorded: readonly MockedFetch[] = [];

  async function send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    using _flow = clock.flow();
    const response = await http.fetch(request, signal);
    recorded = [...recorded, recordOf(request, response)];
    return response;
  }

  async function fetchFor(step: number, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    assertAllowedDestination({ ...request, url: checkRequest(request) });
    const known = answers.find((answer) => answer.matches(request));
    if (known !== undefined) return respond(request, known.take());
    if (mode === "off") return await asked(step, request, noNetwork, signal);
    try {
      return await send(request, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (mode !== "ask" || !isOfNetwork(error)) throw error;
      return await asked(step, request, messageOf(error), signal);
    }
  }

  async function asked(
    step: number,
    request: HttpRequest,
    why: string,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const answer = await ask(pendingRequestOf(step, request, why), signal);
    if ("error" in answer) throw writtenError(answer.error);
    const written = "response" in answer ? answer.response : { body: JSON.stringify(answer.result) };
    return respond(request, written);
  }

  return {
    get recorded() {
      return recorded;
    },
    forStep: (index) => ({
      fetch: async (request, signal) => await fetchFor(index(), request, signal),
      [Symbol.asyncDispose]: async () => {},
    }),
  };
}

const noNetwork = "The network is off in this run, and no mock response matches this request";

interface PreparedMock {
  matches(request: HttpRequest): boolean;
  take(): MockResponse;
}

function prepareAnswer({ method, url, times = Infinity, response }: MockedFetch): PreparedMock {
  const pattern = new RegExp(`^${url.split("*").map(escapeForm).join(".*")}$`, "s");
  let left = times;
  return {
    matches: (request) =>
      left > 0 &&
      (method === undefined || method.toUpperCase() === request.method) &&
      pattern.test(request.url),
    take() {
      left -= 1;
      return response;
    },
  };
}

function escapeForm(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

function respond(request: HttpRequest, written: MockResponse): HttpResponse {
  const { status = 200, headers = [], body = "", base64 } = written;
  const bytes = base64 === undefined ? new TextEncoder().encode(body) : fromBase64(base64);
  const { maxResponseBytes = Infinity } = request;
  if (bytes.length > maxResponseBytes) throw bodyTooLarge(maxResponseBytes);
  return {
    status,
    statusText: "",
    url: withoutFragment(request.url),
    redirected: false,
    headers: headers.map(([name, value]) => [name.toLowerCase(), value] as const),
    body: bytes,
  };
}

function bodyTooLarge(maxBytes: number): FetchError {
  const message = `the body of the response is larger than ${maxBytes} bytes (fetchResponseBytes)`;
  return new FetchError("limit-exceeded", message);
}

function withoutFragment(text: string): string {
  const url = URL.parse(text);
  if (url === null) return text;
  url.hash = "";
  return url.href;
}

/** The URL has placeholders instead of secrets, so that the record matches in later runs. */
function recordOf({ method, url }: HttpRequest, { status, headers, body }: HttpResponse): MockedFetch {
  return { method, url, times: 1, response: { status, headers, ...writtenBody(body) } };
}

function writtenBody(body: Uint8Array): Pick<MockResponse, "body" | "base64"> {
  const text = textOf(body);
  return text === undefined ? { base64: toBase64(body) } : { body: text };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function pendingRequestOf(
  step: number,
  { method, url, headers, body }: HttpRequest,
  why: string,
): PendingRequest {
  const text = body.length === 0 ? undefined : textOf(body);
  return { kind: "fetch", step, method, url, headers, ...(text === undefined ? {} : { body: text }), why };
}

/** Errors of the network, as opposed to invalid requests of the workflow. */
function isOfNetwork(error: unknown): boolean {
  return error instanceof FetchError && ofNetwork.has(error.code);
}

const ofNetwork: ReadonlySet<string> = new Set<FetchErrorCode>([
  "fetch-failed",
  "fetch-timeout",
  "egress-refused",
]);

function writtenError({ message }: Failure): FetchError {
  return new FetchError("fetch-failed", message);
}
