/** Names and values in order. A name with several values is repeated. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/**
 * Headers that belong to the connection. Many libraries set them, so they are removed without an error, as browsers do
 * (https://fetch.spec.whatwg.org/#forbidden-request-header).
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

/** Hop-by-hop headers (RFC 9110, section 7.6.1), which the workflow does not receive. */
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

/** Headers that are removed on a redirect to another origin. */
const credentialHeaders: ReadonlySet<string> = new Set(["authorization", "cookie", "cookie2"]);

/** Headers that describe the body and are removed with it (https://fetch.spec.whatwg.org/#request-body-header-name). */
const bodyHeaders: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-language",
  "content-location",
  "content-type",
]);

/** Default headers, which a workflow can override. */
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

/** Returns the name of the first malformed header: its name is not a token, or its value contains a line break. */
export function findMalformedHeader(headers: HeaderList): string | undefined {
  return headers.find(([name, value]) => !isToken(name) || !valuePattern.test(value))?.[0];
}

/** Returns the headers to send: without connection headers, and with the defaults. */
export function requestHeaders(headers: HeaderList): HeaderList {
  const own = without(headers, droppedRequestHeaders).filter(([name]) => !proxyHeader.test(name));
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  return [...own, ...defaultRequestHeaders.filter(([name]) => !names.has(name))];
}

/** Returns the headers of a request after a redirect to another origin, or after its body was dropped. */
export function redirectedHeaders(
  headers: HeaderList,
  changed: { readonly origin: boolean; readonly body: boolean },
): HeaderList {
  const kept = changed.origin ? without(headers, credentialHeaders) : headers;
  return changed.body ? without(kept, bodyHeaders) : kept;
}

/** Returns the response headers for the workflow, with names in lower case. `raw` alternates names and values. */
export function responseHeaders(raw: readonly string[]): HeaderList {
  const headers = pairs(raw);
  const connectionOptions = valuesOf(headers, "connection").flatMap((value) => value.split(","));
  const hop = new Set([...hopByHopHeaders, ...connectionOptions.map((name) => name.trim().toLowerCase())]);
  return without(headers, hop);
}

/** Returns all values of a header in order. `name` is in lower case. */
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
