import type { EgressRules } from "../../domain/workflow-settings.ts";
import type { Envelope } from "./envelope.ts";
import type { HeaderList } from "./http-headers.ts";

/** The HTTP client behind `fetch`: `undici-client.ts` on a server, and the browser's fetch in a preview in the browser. */
export interface HttpClient extends AsyncDisposable {
  /**
   * Makes one fetch with its redirects, from the DNS lookup to the last byte of the response.
   *
   * @throws {FetchError} if there is no response; the reason of `signal`, once that is aborted
   */
  fetch(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
}

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly redirect: "follow" | "error" | "manual";
  /** Empty if there is no body. */
  readonly body: Uint8Array;
  /** The allowed destinations, also of redirects. Without a list, all are allowed. */
  readonly allowed?: EgressRules | undefined;
  /** The execution that makes the request. Its concurrent requests are limited. */
  readonly executionId?: string;
  /** The version of the execution. */
  readonly version?: number;
  /** The id of the request in traces. It is among `headers` already. */
  readonly traceparent?: string;
  /** The number of earlier attempts of the same fetch. */
  readonly resendCount?: number;
  /** The workflow of the execution. Shared resources are divided among workflows. */
  readonly workflowId?: string;
  /** The maximum response body, if it is lower than the general limit. */
  readonly maxResponseBytes?: number;
  /** Called while a body is read, with its size so far. Throws a `FetchError` if the execution's responses exceed its limit. */
  readonly assertCapacity?: (bodyBytes: number) => void;
  /** Called before the request of a redirect, which waits for it. */
  readonly beforeRedirect?: (url: URL) => Promise<void>;
  /** Inserts secrets into the request and redacts them from the response. Absent if there are no secrets. */
  readonly envelope?: Envelope;
}

export interface HttpResponse {
  readonly status: number;
  readonly statusText: string;
  /** The URL of the last request, without its fragment. */
  readonly url: string;
  readonly redirected: boolean;
  readonly headers: HeaderList;
  /** The decoded body. */
  readonly body: Uint8Array;
}
