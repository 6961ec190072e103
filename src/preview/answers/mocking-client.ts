import { toBase64 } from "../../base/bytes.ts";
import { messageOf } from "../../domain/errors.ts";
import type { Failure } from "../../domain/outcome.ts";
import { FetchError } from "../../host/network/fetch-error.ts";
import type { FetchErrorCode } from "../../host/network/fetch-error.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../../host/network/http-client.ts";
import { checkRequest, assertAllowedDestination } from "../../host/network/http-request.ts";
import type { MockedFetch, MockResponse } from "../contract/mock-response.ts";
import type { Answer, NetworkMode, PendingRequest } from "../contract/preview.ts";
import { respond } from "./mock-responses.ts";
import type { PreparedMock } from "./mock-responses.ts";
import type { VirtualClock } from "../clock/virtual-clock.ts";

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
  readonly mocks: readonly PreparedMock[];
  readonly clock: VirtualClock;
  readonly ask: (pending: PendingRequest, signal: AbortSignal) => Promise<Answer>;
  /** Called for a step that a mock response answers. */
  readonly onMocked: (step: number) => void;
  /** Answers steps of a run on a recording. Absent for other runs. */
  readonly recordedAnswers?: RecordedResponses | undefined;
}

/** Responses of a recording that are changed, and requests that it leaves unanswered. */
export interface RecordedResponses {
  /**
   * Returns undefined if the request is answered as in other runs.
   *
   * @param step its index
   * @throws {FetchError} if the request fails
   */
  respond(step: number, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse | undefined>;
  /** Waits before a request is asked of the user, which no other answer could follow. */
  beforeAsking(step: number, signal: AbortSignal): Promise<void>;
}

export function createMockingClient({
  http,
  mode,
  mocks,
  clock,
  ask,
  onMocked,
  recordedAnswers,
}: MockingClientOptions): MockingClient {
  let responses: readonly MockedFetch[] = [];

  async function send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    using _flow = clock.flow();
    const response = await http.fetch(request, signal);
    responses = [...responses, recordOf(request, response)];
    return response;
  }

  async function fetchFor(step: number, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    assertAllowedDestination({ ...request, url: checkRequest(request) });
    const recorded = await recordedAnswers?.respond(step, request, signal);
    if (recorded !== undefined) return recorded;
    const known = mocks.find((mock) => mock.matches(request));
    if (known !== undefined) {
      onMocked(step);
      return respond(request, known.take());
    }
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
    await recordedAnswers?.beforeAsking(step, signal);
    const answer = await ask(pendingRequestOf(step, request, why), signal);
    if ("error" in answer) throw writtenError(answer.error);
    const written = "response" in answer ? answer.response : { body: JSON.stringify(answer.result) };
    return respond(request, written);
  }

  return {
    get recorded() {
      return responses;
    },
    forStep: (index) => ({
      fetch: async (request, signal) => await fetchFor(index(), request, signal),
      [Symbol.asyncDispose]: async () => {},
    }),
  };
}

const noNetwork = "The network is off in this run, and no mock response matches this request";

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
