import type { EgressRules } from "../../domain/workflow-settings.ts";
import type { Envelope } from "./envelope.ts";
import type { HeaderList } from "./http-headers.ts";

/** What is behind `fetch`: `undici-client.ts` in a server, and the browser's own in a preview there. */
export interface HttpClient extends AsyncDisposable {
  /**
   * One fetch with its redirects, from the look-up of its host to the last byte of its response.
   *
   * @throws {FetchError} why there is no response; the reason of `signal`, once that aborted
   */
  fetch(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
}

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly redirect: "follow" | "error" | "manual";
  /** Empty where there is none. */
  readonly body: Uint8Array;
  /** The only destinations, of redirects too; all where there is no such list. */
  readonly allowed?: EgressRules | undefined;
  /** Whose request it is: as many of one execution are under way at once as may be. */
  readonly executionId?: string;
  /** The version that it runs. */
  readonly version?: number;
  /** Sent along as a header already: the id of the request in traces. */
  readonly traceparent?: string;
  /** How often the same fetch was sent before. */
  readonly resendCount?: number;
  /** Whose execution that is: what all executions use is shared between workflows. */
  readonly workflowId?: string;
  /** The largest body of a response, where that is less than there may be at all. */
  readonly maxResponseBytes?: number;
  /** Asked while a body is read, with its size so far: throws a `FetchError` where its execution holds too much beside it. */
  readonly assertCapacity?: (bodyBytes: number) => void;
  /** Puts secrets in, and takes them out again; there are none without it. */
  readonly envelope?: Envelope;
}

export interface HttpResponse {
  readonly status: number;
  readonly statusText: string;
  /** Of the last request, without a fragment. */
  readonly url: string;
  readonly redirected: boolean;
  readonly headers: HeaderList;
  /** Its content codings undone. */
  readonly body: Uint8Array;
}
