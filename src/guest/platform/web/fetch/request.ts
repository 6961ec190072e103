import { neverAborted, signalFollowing, signalOf, type AbortSignal } from "../events/abort-signal.ts";
import { dictionary, domString, assertArguments } from "../../../core/interface.ts";
import { aboutClient } from "./referrer.ts";
import { isReadableStream } from "../streams/streams.ts";
import { Body, copyBody, hasBody, moveBody, setBody, type BodyInit } from "./body.ts";

export type RequestRedirect = "follow" | "error" | "manual";

/**
 * The options of `fetch` and `new Request`. Options about documents, caches and frames are accepted and have no
 * effect.
 */
export interface RequestInit {
  readonly method?: string;
  readonly headers?: HeadersInit;
  readonly body?: BodyInit | null;
  readonly redirect?: RequestRedirect;
  readonly signal?: AbortSignal | null;
  readonly [other: string]: unknown;
}

/** The properties of a request except its body. */
export interface RequestHead {
  readonly url: string;
  readonly method: string;
  /** The original value, not yet converted. */
  readonly headers: HeadersInit | undefined;
  readonly redirect: RequestRedirect;
  readonly signal: AbortSignal;
  readonly integrity: string;
  /** Options about documents and caches. They are stored, and have no effect. */
  readonly settings: Settings;
}

type Settings = Readonly<Record<keyof typeof settingDefaults, string>> & { readonly keepalive: boolean };

/** @throws {TypeError} if an option is not valid */
export function readHead(input: string | URL | Request, init: RequestInit): RequestHead {
  const source = input instanceof Request ? input : undefined;
  const inherited = source === undefined ? undefined : headOf(source);
  const method = init.method === undefined ? (inherited?.method ?? "GET") : methodOf(init.method);
  const settings = settingsOf(init, inherited?.settings ?? defaultSettings);
  if (settings.mode === "no-cors" && !simpleMethods.includes(method)) {
    throw new TypeError(`The method ${method} cannot be requested with mode: "no-cors"`);
  }
  return {
    url: inherited?.url ?? absoluteUrl(input),
    method,
    headers: init.headers ?? source?.headers,
    redirect: redirectOf(init.redirect ?? inherited?.redirect ?? "follow"),
    signal: (init.signal === undefined ? inherited?.signal : signalOf(init.signal)) ?? neverAborted,
    integrity: init["integrity"] === undefined ? (inherited?.integrity ?? "") : domString(init["integrity"]),
    settings,
  };
}

/** @throws {TypeError} if requests with that method cannot have a body */
export function assertBodyAllowed({ method, url }: Pick<RequestHead, "method" | "url">): void {
  if (bodyless.includes(method)) throw new TypeError(`A ${method} request to ${url} cannot have a body`);
}

/** `Request` of the Fetch standard, section 5.4. */
export class Request extends Body {
  readonly #head: RequestHead;
  readonly #headers: Headers;
  /** Created when it is first read, because most requests never need it. */
  #signal: AbortSignal | undefined;

  constructor(input: string | URL | Request, init: RequestInit | null = {}) {
    super();
    assertArguments(arguments.length, 1, "Request");
    const given = dictionary(init, "The options of a Request") as RequestInit;
    this.#head = readHead(input, given);
    this.#headers = new Headers(this.#head.headers);
    this.#takeBody(input instanceof Request ? input : undefined, given);
  }

  static headOf(request: Request): RequestHead {
    return request.#head;
  }

  /** @throws {TypeError} if the body was read already */
  clone(): Request {
    const copy = new Request(this.url, { ...initOf(this.#head), headers: this.#headers });
    copyBody(this, copy);
    return copy;
  }

  get method(): string {
    return this.#head.method;
  }

  get url(): string {
    return this.#head.url;
  }

  get headers(): Headers {
    return this.#headers;
  }

  get redirect(): RequestRedirect {
    return this.#head.redirect;
  }

  get signal(): AbortSignal {
    const { signal } = this.#head;
    this.#signal ??= signalFollowing(signal === neverAborted ? [] : [signal]);
    return this.#signal;
  }

  get mode(): string {
    return this.#head.settings.mode;
  }

  get credentials(): string {
    return this.#head.settings.credentials;
  }

  get cache(): string {
    return this.#head.settings.cache;
  }

  get destination() {
    void this.#head;
    return "" as const;
  }

  get referrer(): string {
    return this.#head.settings.referrer;
  }

  get referrerPolicy(): string {
    return this.#head.settings.referrerPolicy;
  }

  get integrity(): string {
    return this.#head.integrity;
  }

  get keepalive(): boolean {
    return this.#head.settings.keepalive;
  }

  get duplex() {
    void this.#head;
    return "half" as const;
  }

  get isReloadNavigation(): boolean {
    return this.#head.method === "";
  }

  get isHistoryNavigation(): boolean {
    return this.#head.method === "";
  }

  #takeBody(source: Request | undefined, { body, duplex }: RequestInit): void {
    const inherited = source !== undefined && hasBody(source) && (body === undefined || body === null);
    if (inherited || (body !== undefined && body !== null)) assertBodyAllowed(this);
    if (inherited) return moveBody(source, this);
    assertDuplex(body, duplex);
    return setBody(this, body);
  }
}

/** @throws {TypeError} if the body is a stream and `duplex` is not set */
export function assertDuplex(body: unknown, duplex: unknown): void {
  if (!isReadableStream(body) || duplex !== undefined) return;
  throw new TypeError('A stream as the body of a request needs the option duplex: "half"');
}

// oxlint-disable-next-line typescript/unbound-method -- a static that uses no `this`
export const { headOf } = Request;
// Removed because the platform has no such function.
Reflect.deleteProperty(Request, "headOf");

function initOf({ method, redirect, signal, integrity, settings }: RequestHead): RequestInit {
  const { referrer, ...others } = settings;
  return {
    method,
    redirect,
    signal,
    integrity,
    ...others,
    ...(referrer === aboutClient ? {} : { referrer }),
  };
}

const settingDefaults = {
  mode: "cors",
  credentials: "same-origin",
  cache: "default",
  referrer: aboutClient,
  referrerPolicy: "",
} as const;
const defaultSettings: Settings = { ...settingDefaults, keepalive: false };

/** The allowed values of each option. Modes and cache settings that require a document are rejected, as in Node. */
const allowedSettings: Readonly<Record<string, readonly string[]>> = {
  mode: ["cors", "no-cors", "same-origin"],
  credentials: ["include", "omit", "same-origin"],
  cache: ["default", "force-cache", "no-cache", "no-store", "only-if-cached", "reload"],
  referrerPolicy: [
    "",
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
  ],
  priority: ["auto", "high", "low"],
  duplex: ["half"],
};

/** @throws {TypeError} if the value of an option is not allowed */
function settingsOf(init: RequestInit, inherited: Settings): Settings {
  if (hasNoSettings(init)) return inherited;
  let settings = inherited;
  for (const [name, allowed] of Object.entries(allowedSettings)) {
    const value = init[name];
    if (value === undefined) continue;
    const text = domString(value);
    if (!allowed.includes(text)) throw new TypeError(`${name} cannot be "${shorten(text)}"`);
    if (name in settingDefaults) settings = { ...settings, [name]: text };
  }
  if (init["referrer"] !== undefined) settings = { ...settings, referrer: referrerOf(init["referrer"]) };
  if (init["keepalive"] !== undefined) settings = { ...settings, keepalive: Boolean(init["keepalive"]) };
  if (init["window"] !== undefined && init["window"] !== null)
    throw new TypeError("window can be null alone");
  if (settings.cache === "only-if-cached" && settings.mode !== "same-origin") {
    throw new TypeError('cache: "only-if-cached" goes with mode: "same-origin" alone');
  }
  return settings;
}

/**
 * Most requests have none of these options, and checking for each one is cheaper than iterating over all
 * properties.
 */
function hasNoSettings(init: RequestInit): boolean {
  const { mode, credentials, cache, referrer, referrerPolicy, priority, duplex, keepalive, window } = init;
  return (
    (mode ?? credentials ?? cache ?? referrer ?? referrerPolicy ?? priority) === undefined &&
    (duplex ?? keepalive ?? window) === undefined
  );
}

function referrerOf(value: unknown): string {
  const text = domString(value);
  if (text === "") return text;
  const url = parseUrl(text);
  if (url === undefined) throw new TypeError(`referrer cannot be "${shorten(text)}": it is no absolute URL`);
  return url.href === aboutClient ? aboutClient : url.href;
}

const bodyless: readonly string[] = ["GET", "HEAD"];
const simpleMethods: readonly string[] = ["GET", "HEAD", "POST"];
const forbiddenMethods: readonly string[] = ["CONNECT", "TRACE", "TRACK"];
/** Methods that are converted to upper case. By the standard, PATCH is not one of them. */
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

/** Read before a workflow is loaded, and before the wrapper that workflows use replaces it. */
const NativeUrl = URL;

function parseUrl(text: string): URL | undefined {
  try {
    return new NativeUrl(text);
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
