import { encodeText, toJson } from "../encoding.ts";
import { ownWeakMap } from "../primordials.ts";
import { Body, copyBody, setBody, setBodyBytes, type BodyInit } from "./body.ts";

export interface ResponseInit {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: HeadersInit;
}

/** What the host says of a response, besides its body. */
export interface Received {
  readonly status: number;
  readonly statusText: string;
  /** After redirects. */
  readonly url: string;
  readonly redirected: boolean;
  readonly headers: [name: string, value: string][];
}

/** What an author's `new Response` cannot set. */
interface Origin {
  readonly type: "basic" | "default" | "error";
  readonly status: number;
  readonly url: string;
  readonly redirected: boolean;
}

const origins = ownWeakMap<Response, Origin>();

/** `Response` of the Fetch standard, section 5.5. */
export class Response extends Body {
  readonly headers: Headers;
  readonly statusText: string;

  /** @throws {RangeError} where the status is not in 200…599 */
  constructor(body?: BodyInit | null, init: ResponseInit = {}) {
    super();
    const status = init.status ?? 200;
    if (!(status >= 200 && status <= 599))
      throw new RangeError(`A Response cannot have the status ${status}`);
    if (body !== undefined && body !== null && isBodyless(status)) {
      throw new TypeError(`A Response with the status ${status} cannot have a body`);
    }
    this.headers = new Headers(init.headers);
    this.statusText = init.statusText ?? "";
    origins.set(this, { type: "default", status: Math.trunc(status), url: "", redirected: false });
    setBody(this, body);
  }

  /** @throws {TypeError} where `data` has no form in JSON */
  static json(data: unknown, init: ResponseInit = {}): Response {
    const json = toJson(data);
    if (json === undefined) throw new TypeError("Response.json: the data is not JSON");
    const headers = new Headers(init.headers);
    if (!headers.has("content-type")) headers.set("content-type", "application/json");
    return new Response(encodeText(json), { ...init, headers });
  }

  static error(): Response {
    return withOrigin(new Response(), { type: "error", status: 0, url: "", redirected: false });
  }

  static redirect(url: string | URL, status = 302): Response {
    if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError(`${status} is no redirect`);
    return new Response(null, { status, headers: { location: new URL(url).href } });
  }

  get type(): string {
    return originOf(this).type;
  }

  get status(): number {
    return originOf(this).status;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  get url(): string {
    return originOf(this).url;
  }

  get redirected(): boolean {
    return originOf(this).redirected;
  }

  /** @throws {TypeError} where the body was read already */
  clone(): Response {
    const copy = new Response(null, { statusText: this.statusText, headers: this.headers });
    copyBody(this, copy);
    return withOrigin(copy, originOf(this));
  }

  get [Symbol.toStringTag](): string {
    return "Response";
  }
}

/** The response to a request that the host made. */
export function receivedResponse(
  { status, statusText, url, redirected, headers }: Received,
  body: Uint8Array<ArrayBuffer>,
): Response {
  const response = new Response(null, { statusText, headers });
  if (!isBodyless(status)) setBodyBytes(response, body);
  return withOrigin(response, { type: "basic", status, url, redirected });
}

function withOrigin(response: Response, origin: Origin): Response {
  origins.set(response, origin);
  return response;
}

function originOf(response: Response): Origin {
  const origin = origins.get(response);
  if (origin === undefined) throw new TypeError("This is no Response");
  return origin;
}

function isBodyless(status: number): boolean {
  return [101, 103, 204, 205, 304].includes(status);
}
