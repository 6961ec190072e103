/** Names and values, in order; a name that has several values stands several times. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/**
 * Headers that are the connection's business. A workflow that sets one of them means no harm, as many
 * libraries do it: they are left out, as browsers do (https://fetch.spec.whatwg.org/#forbidden-request-header).
 */
const droppedRequestHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
]);

const proxyHeader = /^proxy-/i;

/** Headers that speak to the next hop only (RFC 9110, section 7.6.1), and so not to the workflow. */
const hopByHopHeaders: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** What a redirect to another origin must not hand over. */
const credentialHeaders: ReadonlySet<string> = new Set(["authorization", "cookie", "cookie2"]);

/** What describes a body, and goes with it (https://fetch.spec.whatwg.org/#request-body-header-name). */
const bodyHeaders: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-language",
  "content-location",
  "content-type",
]);

/** What is sent unless the workflow says otherwise. */
const defaultRequestHeaders: HeaderList = [
  ["accept", "*/*"],
  ["accept-encoding", "gzip, deflate, br, zstd"],
  ["accept-language", "*"],
  ["user-agent", "duranium/0.1"],
];

const tokenPattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const valuePattern = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A method or the name of a header (RFC 9110, section 5.6.2). */
export function isToken(text: string): boolean {
  return tokenPattern.test(text);
}

/** The first header that cannot be sent as it is: a name that is no token, a line break in a value. */
export function findMalformedHeader(headers: HeaderList): string | undefined {
  return headers.find(([name, value]) => !isToken(name) || !valuePattern.test(value))?.[0];
}

/** What goes onto the wire: without the connection's own headers, with the defaults. */
export function requestHeaders(headers: HeaderList): HeaderList {
  const own = without(headers, droppedRequestHeaders).filter(([name]) => !proxyHeader.test(name));
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  return [...own, ...defaultRequestHeaders.filter(([name]) => !names.has(name))];
}

/** The headers of a request that was redirected to another origin, or whose body was dropped on the way. */
export function redirectedHeaders(
  headers: HeaderList,
  changed: { readonly origin: boolean; readonly body: boolean },
): HeaderList {
  const kept = changed.origin ? without(headers, credentialHeaders) : headers;
  return changed.body ? without(kept, bodyHeaders) : kept;
}

/** What the workflow sees of a response's headers, names in lower case. `raw` alternates names and values. */
export function responseHeaders(raw: readonly string[]): HeaderList {
  const headers = pairs(raw);
  const connectionOptions = valuesOf(headers, "connection").flatMap((value) => value.split(","));
  const hop = new Set([...hopByHopHeaders, ...connectionOptions.map((name) => name.trim().toLowerCase())]);
  return without(headers, hop);
}

/** All values of a header, in order. `name` in lower case. */
export function valuesOf(headers: HeaderList, name: string): readonly string[] {
  return headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
}

function without(headers: HeaderList, names: ReadonlySet<string>): HeaderList {
  return headers.filter(([name]) => !names.has(name.toLowerCase()));
}

function pairs(flat: readonly string[]): HeaderList {
  return flat.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), flat[index + 1] ?? ""] as const] : [],
  );
}
