import { neverAborted, signalOf, type AbortSignal } from "./abort-signal.ts";
import { Body, copyBody, hasBody, moveBody, setBody, type BodyInit } from "./body.ts";

export type RequestRedirect = "follow" | "error" | "manual";

/** What `fetch` and `new Request` take. What is about pages, caches and frames is taken and has no effect. */
export interface RequestInit {
  readonly method?: string;
  readonly headers?: HeadersInit;
  readonly body?: BodyInit | null;
  readonly redirect?: RequestRedirect;
  readonly signal?: AbortSignal | null;
  readonly [other: string]: unknown;
}

/** What a request is, besides its body. */
export interface RequestHead {
  readonly url: string;
  readonly method: string;
  /** As they were given, unread. */
  readonly headers: HeadersInit | undefined;
  readonly redirect: RequestRedirect;
  readonly signal: AbortSignal;
}

/** @throws {TypeError} where something of it is not as the standard wants it */
export function readHead(input: string | URL | Request, init: RequestInit): RequestHead {
  const source = input instanceof Request ? input : undefined;
  return {
    url: source?.url ?? absoluteUrl(input),
    method: init.method === undefined ? (source?.method ?? "GET") : methodOf(init.method),
    headers: init.headers ?? source?.headers,
    redirect: redirectOf(init.redirect ?? source?.redirect ?? "follow"),
    signal: (init.signal === undefined ? source?.signal : signalOf(init.signal)) ?? neverAborted,
  };
}

/** @throws {TypeError} where requests of that method have no body */
export function requireBodyAllowed({ method, url }: Pick<RequestHead, "method" | "url">): void {
  if (bodyless.includes(method)) throw new TypeError(`A ${method} request to ${url} cannot have a body`);
}

/** `Request` of the Fetch standard, section 5.4. */
export class Request extends Body {
  // Declared only: a field would be set twice.
  declare readonly method: string;
  declare readonly url: string;
  declare readonly headers: Headers;
  declare readonly redirect: RequestRedirect;
  declare readonly signal: AbortSignal;

  constructor(input: string | URL | Request, init: RequestInit = {}) {
    super();
    const { url, method, headers, redirect, signal } = readHead(input, init);
    this.url = url;
    this.method = method;
    this.headers = new Headers(headers);
    this.redirect = redirect;
    this.signal = signal;
    this.#takeBody(input instanceof Request ? input : undefined, init.body);
  }

  /** @throws {TypeError} where the body was read already */
  clone(): Request {
    const { method, headers, redirect, signal } = this;
    const copy = new Request(this.url, { method, headers, redirect, signal });
    copyBody(this, copy);
    return copy;
  }

  get mode() {
    return "cors" as const;
  }

  get credentials() {
    return "same-origin" as const;
  }

  get cache() {
    return "default" as const;
  }

  get destination() {
    return "" as const;
  }

  get referrer() {
    return "about:client" as const;
  }

  get referrerPolicy() {
    return "" as const;
  }

  get integrity() {
    return "" as const;
  }

  get keepalive() {
    return false;
  }

  get duplex() {
    return "half" as const;
  }

  get [Symbol.toStringTag](): string {
    return "Request";
  }

  #takeBody(source: Request | undefined, body: BodyInit | null | undefined): void {
    const inherited = source !== undefined && hasBody(source) && (body === undefined || body === null);
    if (inherited || (body !== undefined && body !== null)) requireBodyAllowed(this);
    if (inherited) moveBody(source, this);
    else setBody(this, body);
  }
}

const bodyless: readonly string[] = ["GET", "HEAD"];
const forbiddenMethods: readonly string[] = ["CONNECT", "TRACE", "TRACK"];
/** Written in capitals, whatever the author wrote. PATCH is not among them, in the standard neither. */
const normalizedMethods: readonly string[] = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
const token = /^[!#$%&'*+\-.^_`|~\w]+$/;

function absoluteUrl(input: unknown): string {
  const text = String(input);
  const url = parseUrl(text);
  if (url === undefined) throw new TypeError(`Cannot request "${shorten(text)}": it is no absolute URL`);
  if (url.username === "" && url.password === "") return url.href;
  throw new TypeError(
    `Cannot request ${url.origin}: a name and password in the URL are not sent, use a header`,
  );
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function methodOf(given: unknown): string {
  const method = String(given);
  const upper = method.toUpperCase();
  if (!token.test(method)) throw new TypeError(`"${shorten(method)}" is no HTTP method`);
  if (forbiddenMethods.includes(upper)) throw new TypeError(`The method ${upper} cannot be requested`);
  return normalizedMethods.includes(upper) ? upper : method;
}

function redirectOf(redirect: unknown): RequestRedirect {
  if (redirect === "follow" || redirect === "error" || redirect === "manual") return redirect;
  throw new TypeError(`redirect is "follow", "error" or "manual", not "${shorten(String(redirect))}"`);
}

function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
