import { Buffer } from "node:buffer";
import stream from "node:stream";
import { IncomingMessage } from "./incoming-message.ts";
import { fetchError } from "./fetch-error.ts";

type HeaderValue = string | number | readonly string[];
type OnResponse = (response: IncomingMessage) => void;

/** Options of `http.request`. Only those that describe the request have an effect. */
export interface RequestOptions {
  readonly protocol?: string | null;
  readonly host?: string | null;
  readonly hostname?: string | null;
  readonly port?: string | number | null;
  readonly path?: string | null;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, HeaderValue | undefined>> | readonly string[];
  readonly auth?: string | null;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

export type RequestArguments =
  | [url: string | URL, options: RequestOptions, onResponse?: OnResponse]
  | [url: string | URL | RequestOptions, onResponse?: OnResponse];

/** Headers that the host sets itself. */
const hostHeaders: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** A request that is sent by `fetch` when it is ended. Redirects are not followed, as in `http.request`. */
export class ClientRequest extends stream.Writable {
  readonly method: string;
  readonly protocol: string;
  readonly host: string;
  readonly path: string;
  readonly agent = undefined;
  readonly maxHeadersCount = null;
  aborted = false;
  finished = false;
  reusedSocket = false;
  res: IncomingMessage | undefined;
  readonly #url: string;
  readonly #headers = new Map<string, readonly [name: string, value: HeaderValue]>();
  readonly #chunks: Uint8Array[] = [];
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(protocol: string, args: RequestArguments) {
    // The request is destroyed at the end of the response, not when its own body has been sent.
    super({ autoDestroy: false });
    const { options, onResponse } = parse(args);
    const url = urlOf(protocol, options);
    this.method = (options.method ?? "GET").toUpperCase();
    this.protocol = url.protocol;
    this.host = url.hostname;
    this.path = url.pathname + url.search;
    this.#url = url.href;
    this.#takeHeaders(options.headers);
    const { auth, signal, timeout } = options;
    if (auth !== undefined && auth !== null && !this.hasHeader("authorization"))
      this.setHeader("Authorization", `Basic ${Buffer.from(auth).toString("base64")}`);
    if (onResponse !== undefined) this.once("response", onResponse);
    if (timeout !== undefined && timeout > 0) this.setTimeout(timeout);
    signal?.addEventListener("abort", () => this.destroy(aborted(signal)), { once: true });
  }

  setHeader(name: string, value: HeaderValue): this {
    this.#headers.set(name.toLowerCase(), [name, value]);
    return this;
  }
  getHeader(name: string): HeaderValue | undefined {
    return this.#headers.get(name.toLowerCase())?.[1];
  }
  hasHeader(name: string): boolean {
    return this.#headers.has(name.toLowerCase());
  }
  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }
  getHeaders(): Record<string, HeaderValue> {
    return Object.fromEntries([...this.#headers].map(([name, [, value]]) => [name, value]));
  }
  getHeaderNames(): string[] {
    return [...this.#headers.keys()];
  }
  getRawHeaderNames(): string[] {
    return [...this.#headers.values()].map(([name]) => name);
  }
  flushHeaders(): void {}
  setNoDelay(): void {}
  setSocketKeepAlive(): void {}
  onSocket(): void {}

  setTimeout(delayMs: number, onTimeout?: () => void): this {
    clearTimeout(this.#timer);
    if (onTimeout !== undefined) this.once("timeout", onTimeout);
    if (delayMs > 0) this.#timer = setTimeout(() => this.emit("timeout"), delayMs);
    return this;
  }
  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    this.emit("abort");
    this.destroy(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
  }

  override _write(chunk: Uint8Array | string, encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
    done();
  }
  override _final(done: () => void): void {
    this.finished = true;
    void this.#send();
    done();
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#controller.abort(error ?? undefined);
    done(error);
  }

  #takeHeaders(headers: RequestOptions["headers"]): void {
    if (Array.isArray(headers)) {
      for (let at = 0; at < headers.length; at += 2)
        this.setHeader(String(headers[at]), String(headers[at + 1]));
      return;
    }
    for (const [name, value] of Object.entries((headers ?? {}) as Record<string, HeaderValue | undefined>))
      if (value !== undefined && value !== null) this.setHeader(name, value);
  }
  async #send(): Promise<void> {
    try {
      const response = await fetch(this.#url, {
        method: this.method,
        headers: this.#fetchHeaders(),
        redirect: "manual",
        signal: this.#controller.signal,
        ...(this.#chunks.length === 0 ? {} : { body: new Uint8Array(Buffer.concat(this.#chunks)) }),
      });
      const message = await IncomingMessage.of(response);
      clearTimeout(this.#timer);
      if (this.#controller.signal.aborted) return;
      this.res = message;
      if (!this.emit("response", message)) message.resume();
    } catch (error) {
      if (!this.#controller.signal.aborted) this.destroy(fetchError(error));
    }
  }
  #fetchHeaders(): Headers {
    const headers = new Headers();
    for (const [name, [, value]] of this.#headers) {
      if (hostHeaders.has(name)) continue;
      for (const each of Array.isArray(value) ? (value as readonly string[]) : [String(value)])
        headers.append(name, each);
    }
    return headers;
  }
}

function parse(args: RequestArguments): {
  readonly options: RequestOptions;
  readonly onResponse?: OnResponse | undefined;
} {
  const [first, second, third] = args;
  const given = typeof second === "function" || second === undefined ? {} : second;
  const onResponse = typeof second === "function" ? second : third;
  const options =
    typeof first === "string" || first instanceof URL ? { ...ofUrl(new URL(first)), ...given } : first;
  return { options, onResponse };
}

function ofUrl(url: URL): RequestOptions {
  const { protocol, hostname, port, pathname, search, username, password } = url;
  const auth =
    username === "" ? {} : { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` };
  return { protocol, hostname, port, path: pathname + search, ...auth };
}

function urlOf(usual: string, { protocol, host, hostname, port, path }: RequestOptions): URL {
  const name = hostname ?? host ?? "localhost";
  const address = name.includes(":") && !name.startsWith("[") ? `[${name}]` : name;
  const place =
    port === undefined || port === null || port === ""
      ? address
      : `${address.replace(/(?<!:.*):\d+$/, "")}:${port}`;
  return new URL(`${protocol ?? usual}//${place}${path ?? "/"}`);
}

function aborted(signal: AbortSignal): Error {
  return Object.assign(new Error("The operation was aborted", { cause: signal.reason }), {
    name: "AbortError",
    code: "ABORT_ERR",
  });
}
