import { fromBase64 } from "../../base/bytes.ts";
import { FetchError } from "../../host/network/fetch-error.ts";
import type { HttpRequest, HttpResponse } from "../../host/network/http-client.ts";
import type { MockedFetch, MockResponse } from "../contract/mock-response.ts";

/** A mock response that is used a limited number of times. */
export interface PreparedMock {
  matches(request: Pick<HttpRequest, "method" | "url">): boolean;
  take(): MockResponse;
}

export function prepareMock({ method, url, times = Infinity, response }: MockedFetch): PreparedMock {
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

/** @throws {FetchError} `limit-exceeded` */
export function respond(request: HttpRequest, written: MockResponse): HttpResponse {
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
