// oxlint-disable typescript/no-useless-default-assignment -- parameters with a default do not count in the length of a function, which Web IDL defines
import { createObjectUrl, revokeObjectUrl } from "./object-urls.ts";
import { domString as text, assertArguments } from "../../../core/interface.ts";

/**
 * `URL` and `URLSearchParams` of the URL standard, as wrappers of the engine's classes. The engine's getters crash
 * the instance if their receiver is not a URL, as when an inspector reads them on the prototype.
 */
const NativeUrl = globalThis.URL;
const NativeParams = globalThis.URLSearchParams;
type NativeUrl = globalThis.URL;
type NativeParams = globalThis.URLSearchParams;
type Pair = [name: string, value: string];

/** `null` if the text is not a valid URL. Errors of the conversion to a string are passed on. */
function parse(url: string, base: unknown): URL | null {
  const against = base === undefined ? undefined : text(base);
  try {
    return new URL(url, against);
  } catch {
    return null;
  }
}

/**
 * After the scheme, any number of slashes equals two if the base has a scheme with hosts. The engine rejects such a
 * URL.
 */
function against(url: string, base: string): NativeUrl {
  const isRelative = /^[\\/]{3}/.test(url) && /^(?:https?|wss?|ftp):/i.test(base);
  return new NativeUrl(isRelative ? url.replace(/^[\\/]+/, "//") : url, base);
}

export class URL {
  readonly #url: NativeUrl;
  #params: URLSearchParams | undefined;

  /** @throws {TypeError} if the URL is not valid */
  constructor(url: unknown, base: unknown = undefined) {
    assertArguments(arguments.length, 1, "URL");
    const given = text(url);
    this.#url = base === undefined ? new NativeUrl(given) : against(given, text(base));
    if (given.includes("^")) this.#encodeCarets();
  }

  /**
   * The engine implements an earlier version of the standard, which does not encode carets. Opaque paths are
   * unchanged in both.
   */
  #encodeCarets(): void {
    const { pathname } = this.#url;
    if (pathname.includes("^") && pathname.startsWith("/"))
      this.#url.pathname = pathname.replaceAll("^", "%5E");
  }

  static canParse(url: unknown, base: unknown = undefined): boolean {
    assertArguments(arguments.length, 1, "URL.canParse");
    return parse(text(url), base) !== null;
  }

  static parse(url: unknown, base: unknown = undefined): URL | null {
    assertArguments(arguments.length, 1, "URL.parse");
    return parse(text(url), base);
  }

  /** The URL under which `fetch` can read a blob until it is revoked or the execution ends. */
  static createObjectURL(blob: Blob): string {
    assertArguments(arguments.length, 1, "URL.createObjectURL");
    return createObjectUrl(blob);
  }

  static revokeObjectURL(url: unknown): void {
    assertArguments(arguments.length, 1, "URL.revokeObjectURL");
    revokeObjectUrl(text(url));
  }

  get href(): string {
    return this.#url.href;
  }

  set href(value: unknown) {
    const href = text(value);
    if (!URL.canParse(href)) throw new TypeError(`"${href.slice(0, 200)}" is no URL`);
    this.#url.href = href;
    this.#encodeCarets();
  }

  get origin(): string {
    return this.#url.protocol === "blob:" ? blobOrigin(this.#url) : this.#url.origin;
  }

  get protocol(): string {
    return this.#url.protocol;
  }

  set protocol(value: unknown) {
    this.#url.protocol = text(value);
  }

  get username(): string {
    return this.#url.username;
  }

  set username(value: unknown) {
    this.#url.username = text(value);
  }

  get password(): string {
    return this.#url.password;
  }

  set password(value: unknown) {
    this.#url.password = text(value);
  }

  get host(): string {
    return this.#url.host;
  }

  set host(value: unknown) {
    this.#url.host = text(value);
  }

  get hostname(): string {
    return this.#url.hostname;
  }

  set hostname(value: unknown) {
    const hostname = text(value);
    // A host name with a port is invalid as a whole, but the engine would use the part before the port.
    if (!hasPort(hostname)) this.#url.hostname = hostname;
  }

  get port(): string {
    return this.#url.port;
  }

  set port(value: unknown) {
    this.#url.port = text(value);
  }

  get pathname(): string {
    return this.#url.pathname;
  }

  set pathname(value: unknown) {
    this.#url.pathname = text(value);
    this.#encodeCarets();
  }

  get search(): string {
    return this.#url.search;
  }

  set search(value: unknown) {
    this.#url.search = text(value);
  }

  get searchParams(): URLSearchParams {
    return (this.#params ??= ofNative(this.#url.searchParams));
  }

  get hash(): string {
    return this.#url.hash;
  }

  set hash(value: unknown) {
    this.#url.hash = text(value);
  }

  toString(): string {
    return this.#url.href;
  }

  toJSON(): string {
    return this.#url.href;
  }
}

let given: NativeParams | undefined;

function ofNative(params: NativeParams): URLSearchParams {
  given = params;
  return new URLSearchParams();
}

export class URLSearchParams {
  readonly #params: NativeParams;

  /** @throws {TypeError} if the argument is a sequence of items that are not pairs */
  constructor(init: unknown = "") {
    this.#params = given ?? nativeParams(init);
    given = undefined;
  }

  get size(): number {
    return this.#params.size;
  }

  append(name: unknown, value: unknown): void {
    assertArguments(arguments.length, 2, "URLSearchParams.append");
    this.#params.append(text(name), text(value));
  }

  delete(name: unknown, value: unknown = undefined): void {
    assertArguments(arguments.length, 1, "URLSearchParams.delete");
    if (value === undefined) this.#params.delete(text(name));
    else this.#params.delete(text(name), text(value));
  }

  get(name: unknown): string | null {
    assertArguments(arguments.length, 1, "URLSearchParams.get");
    return this.#params.get(text(name));
  }

  getAll(name: unknown): string[] {
    assertArguments(arguments.length, 1, "URLSearchParams.getAll");
    return this.#params.getAll(text(name));
  }

  has(name: unknown, value: unknown = undefined): boolean {
    assertArguments(arguments.length, 1, "URLSearchParams.has");
    return value === undefined ? this.#params.has(text(name)) : this.#params.has(text(name), text(value));
  }

  set(name: unknown, value: unknown): void {
    assertArguments(arguments.length, 2, "URLSearchParams.set");
    this.#params.set(text(name), text(value));
  }

  sort(): void {
    this.#params.sort();
  }

  forEach(
    callback: (value: string, name: string, params: URLSearchParams) => unknown,
    thisArg: unknown = undefined,
  ): void {
    if (typeof callback !== "function") throw new TypeError("URLSearchParams.forEach takes a function");
    for (const [name, value] of this.#params) Reflect.apply(callback, thisArg, [value, name, this]);
  }

  entries(): IterableIterator<Pair> {
    return this.#params.entries();
  }

  keys(): IterableIterator<string> {
    return this.#params.keys();
  }

  values(): IterableIterator<string> {
    return this.#params.values();
  }

  toString(): string {
    return this.#params.toString();
  }

  [Symbol.iterator](): IterableIterator<Pair> {
    return this.#params.entries();
  }
}

/** The platform defines both as the same function. */
Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, {
  // oxlint-disable-next-line typescript/unbound-method -- it stays a method
  value: URLSearchParams.prototype.entries,
  writable: true,
  configurable: true,
});

function nativeParams(init: unknown): NativeParams {
  if (typeof init === "string") return new NativeParams(init);
  if ((typeof init !== "object" && typeof init !== "function") || init === null)
    return new NativeParams(text(init));
  return new NativeParams(init as Record<string, string>);
}

/** True if the host contains a colon outside of an IPv6 address. */
function hasPort(hostname: string): boolean {
  return /^(?:\[[^\]]*\]|[^:/?#\\[])*:/.test(hostname.replaceAll(/[\t\n\r]/g, ""));
}

/** Section 4.7: the origin of the URL inside if its scheme is http or https. */
function blobOrigin({ pathname }: NativeUrl): string {
  const inside = URL.parse(pathname);
  return inside !== null && /^https?:$/.test(inside.protocol) ? inside.origin : "null";
}
