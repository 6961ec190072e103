import { dictionary, domNumber, domString } from "../../../core/interface.ts";
import { encodeText, toJson } from "../../../core/encoding.ts";
import { ownWeakMap } from "../../../core/primordials.ts";
import { isImmutable, makeImmutable } from "./headers-guard.ts";
import { Body, copyBody, setBody, setBodyBytes, type BodyInit } from "./body.ts";

export interface ResponseInit {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: HeadersInit;
}

/** The response as the host reports it, without its body. */
export interface Received {
  readonly status: number;
  readonly statusText: string;
  /** The URL after redirects. */
  readonly url: string;
  readonly redirected: boolean;
  readonly headers: [name: string, value: string][];
}

/** The properties of a response except its headers and body. */
interface Origin {
  readonly type: "basic" | "default" | "error";
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly redirected: boolean;
}

const origins = ownWeakMap<Response, Origin>();

/** Received headers become a `Headers` object when they are first read, because most callers read only the body. */
const headersOf = ownWeakMap<Response, Headers | Received["headers"]>();

/** `Response` of the Fetch standard, section 5.5. */
export class Response extends Body {
  /** @throws {RangeError} if the status is not in 200…599 */
  constructor(body?: BodyInit | null, init?: ResponseInit | null) {
    super();
    const given: ResponseInit = dictionary(init, "The options of a Response");
    const status = given.status === undefined ? 200 : domNumber(given.status);
    if (!(status >= 200 && status < 600)) throw new RangeError(`A Response cannot have the status ${status}`);
    const statusText = given.statusText === undefined ? "" : domString(given.statusText);
    if (statusText !== "" && !reasonPhrase.test(statusText))
      throw new TypeError("The statusText has characters that HTTP does not allow");
    if (body !== undefined && body !== null && isBodyless(status)) {
      throw new TypeError(`A Response with the status ${status} cannot have a body`);
    }
    origins.set(this, {
      type: "default",
      status: Math.trunc(status),
      statusText,
      url: "",
      redirected: false,
    });
    headersOf.set(this, new Headers(given.headers));
    setBody(this, body);
  }

  /** @throws {TypeError} if `data` has no JSON representation */
  static json(data: unknown, init?: ResponseInit | null): Response {
    const json = toJson(data);
    if (json === undefined) throw new TypeError("Response.json: the data is not JSON");
    const response = new Response(null, init);
    if (isBodyless(response.status)) {
      throw new TypeError(`A Response with the status ${response.status} cannot have a body`);
    }
    const { headers } = response;
    if (!headers.has("content-type")) headers.set("content-type", "application/json");
    setBodyBytes(response, encodeText(json));
    return response;
  }

  static error(): Response {
    const origin = { type: "error", status: 0, statusText: "", url: "", redirected: false } as const;
    return immutableResponse(withOrigin(new Response(), origin));
  }

  static redirect(url: string | URL, status = 302): Response {
    const [given, code] = [domString(url), domNumber(status)];
    const location = new URL(given).href;
    if (![301, 302, 303, 307, 308].includes(code)) throw new RangeError(`${code} is no redirect`);
    return immutableResponse(new Response(null, { status: code, headers: { location } }));
  }

  get headers(): Headers {
    const headers = headersOf.get(this);
    if (headers === undefined) throw new TypeError("This is no Response");
    if (!Array.isArray(headers)) return headers;
    const made = makeImmutable(new Headers(headers));
    headersOf.set(this, made);
    return made;
  }

  get type(): string {
    return originOf(this).type;
  }

  get status(): number {
    return originOf(this).status;
  }

  get statusText(): string {
    return originOf(this).statusText;
  }

  get ok(): boolean {
    const { status } = originOf(this);
    return status >= 200 && status <= 299;
  }

  get url(): string {
    return originOf(this).url;
  }

  get redirected(): boolean {
    return originOf(this).redirected;
  }

  /** @throws {TypeError} if the body was read already */
  clone(): Response {
    const copy = new Response(null, { headers: this.headers });
    copyBody(this, copy);
    withOrigin(copy, originOf(this));
    return isImmutable(this.headers) ? immutableResponse(copy) : copy;
  }

  get [Symbol.toStringTag](): string {
    return "Response";
  }
}

/** The response to a request that the host made. A response to a HEAD request has no body. */
export function receivedResponse(
  { status, statusText, url, redirected, headers }: Received,
  body: Uint8Array<ArrayBuffer> | null,
): Response {
  // All data is stored outside of the object, so its constructor need not run.
  const response = Object.create(Response.prototype) as Response;
  headersOf.set(response, headers);
  setBodyBytes(response, isBodyless(status) ? null : body);
  return withOrigin(response, { type: "basic", status, statusText, url, redirected });
}

function immutableResponse(response: Response): Response {
  makeImmutable(response.headers);
  return response;
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

/** RFC 9112, section 4. */
const reasonPhrase = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

function isBodyless(status: number): boolean {
  return [101, 103, 204, 205, 304].includes(status);
}
