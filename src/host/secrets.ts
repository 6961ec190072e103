import { fromBase64, fromLatin1, includesAscii, toBase64, toHex, toLatin1 } from "../domain/bytes.ts";
import { matchesHost } from "../domain/host-pattern.ts";
import type { HostPattern } from "../domain/host-pattern.ts";
import { FetchError } from "./fetch-error.ts";
import type { HeaderList } from "./http-headers.ts";
import type { Placeholders } from "./secret-placeholder.ts";

/**
 * Secrets on their way out: a request holds placeholders until the moment in which it is sent, and what comes
 * back has placeholders where the secret was. So a secret is in no guest, journal, log or error.
 *
 * 1. A secret goes to the hosts that it names, and to no other: a redirect is held against them like the request.
 * 2. Whatever leaves this file towards a guest was searched for every secret that was sent.
 */
export interface Secret {
  readonly value: string;
  readonly hosts: readonly HostPattern[];
}

/** Where secrets come from. */
export interface SecretSource {
  find(workflowId: string, name: string): Secret | undefined;
}

/** One request, as it is about to be sent, or was. */
interface Message {
  readonly url: URL;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** The secrets of one execution, for one fetch. It remembers what it revealed. */
export interface Envelope {
  /** @throws {FetchError} `secret-refused` */
  reveal<T extends Message>(message: T): T;
  redactText(text: string): string;
  redactBytes(bytes: Uint8Array): Uint8Array;
}

/** For what has no secrets. */
export const openEnvelope: Envelope = {
  reveal: (message) => message,
  redactText: (text) => text,
  redactBytes: (bytes) => bytes,
};

export function createEnvelope(
  source: SecretSource,
  { workflowId, placeholders }: { readonly workflowId: string; readonly placeholders: Placeholders },
): Envelope {
  const revealed = new Map<string, string>();

  function find(name: string, url: URL): string {
    const secret = source.find(workflowId, name);
    if (secret === undefined) {
      throw new FetchError("secret-refused", `workflow "${workflowId}" has no secret ${name}`);
    }
    if (!secret.hosts.some((host) => matchesHost(url, host))) {
      const allowed = secret.hosts.map(({ text }) => text).join(", ");
      throw new FetchError(
        "secret-refused",
        `the secret ${name} may not be sent to ${url.origin}: it is for ${allowed}`,
      );
    }
    revealed.set(name, secret.value);
    return secret.value;
  }

  /** `encode` makes of a value what stands for it in this place. */
  function fill(text: string, url: URL, encode: Encode = (value) => value): string {
    return placeholders
      .namesIn(text)
      .reduce(
        (filled, name) => filled.replaceAll(placeholders.of(name), () => encode(find(name, url))),
        text,
      );
  }

  return {
    reveal(message) {
      const { url, headers, body } = message;
      const filledUrl = fill(url.href, url, encodeURIComponent);
      return {
        ...message,
        url: filledUrl === url.href ? url : new URL(filledUrl),
        headers: headers.map(
          ([name, value]) => [name, fillHeader(value, (text) => fill(text, url))] as const,
        ),
        body: fillBody(body, { headers, fill: (text, encode) => fill(text, url, encode) }),
      };
    },
    redactText: (text) => redact(text, revealed, placeholders),
    redactBytes: (bytes) => redactBytes(bytes, revealed, placeholders),
  };
}

type Encode = (value: string) => string;

/** `Basic` hides its placeholder in base 64 (RFC 7617). */
function fillHeader(value: string, fill: (text: string) => string): string {
  const encoded = /^basic +([a-z0-9+/]+=*)$/i.exec(value)?.[1];
  if (encoded === undefined) return fill(value);
  const plain = textIn(encoded);
  const filled = fill(plain);
  return filled === plain ? value : `Basic ${toBase64(utf8(filled))}`;
}

/** Nothing where it is no base 64: there is no placeholder in it then. */
function textIn(base64: string): string {
  try {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(fromBase64(base64));
  } catch {
    return "";
  }
}

function fillBody(
  body: Uint8Array,
  {
    headers,
    fill,
  }: { readonly headers: HeaderList; readonly fill: (text: string, encode: Encode) => string },
): Uint8Array {
  if (!includesAscii(body, "secret_")) return body;
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  // Latin-1 carries every byte unchanged; the value's own bytes are put in as such.
  const text = toLatin1(body);
  const filled = fill(text, (value) => asLatin1(encodingOf(type)(value)));
  return filled === text ? body : fromLatin1(filled);
}

function encodingOf(contentType: string): Encode {
  if (/[/+]json\b/i.test(contentType)) return insideJson;
  if (/x-www-form-urlencoded/i.test(contentType)) return encodeURIComponent;
  return (value) => value;
}

function insideJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function asLatin1(text: string): string {
  return toLatin1(utf8(text));
}

/** The forms in which servers send back what they were sent. */
const echoes: readonly ((value: string) => readonly string[])[] = [
  (value) => [value],
  percentEncoded,
  (value) => [insideJson(value), insideJson(value).replaceAll("/", "\\/"), asciiJson(value)],
  (value) => [value.replaceAll(/[&<>"']/g, (character) => htmlEntities[character] ?? character)],
  (value) => [toHex(utf8(value)), toHex(utf8(value)).toUpperCase()],
  (value) => [toBase64(utf8(value)), asBase64Url(toBase64(utf8(value))).replaceAll("=", "")],
  insideBase64,
];

function echoesOf(value: string): readonly string[] {
  return [...new Set(echoes.flatMap((echo) => echo(value)))].filter((echo) => echo !== "");
}

function percentEncoded(value: string): readonly string[] {
  const encoded = encodeURIComponent(value);
  const inLowerCase = encoded.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  return [encoded, encoded.replaceAll("%20", "+"), inLowerCase];
}

/** As serializers write it that keep to ASCII. */
function asciiJson(value: string): string {
  return insideJson(value).replaceAll(
    // oxlint-disable-next-line no-control-regex -- all that is no ASCII
    /[^\u0000-\u007f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const htmlEntities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * What there is of a value wherever it stands in something that was encoded in base 64, as `Basic` has it behind a user
 * name: the characters that follow from the value alone, for each of the three places where it can begin.
 */
function insideBase64(value: string): readonly string[] {
  const bytes = utf8(value);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = toBase64(new Uint8Array([...new Uint8Array(offset), ...bytes]));
    const [start, end] = [Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6)];
    const own = encoded.slice(start, end);
    return [own, asBase64Url(own)];
  });
}

function redact(text: string, revealed: ReadonlyMap<string, string>, placeholders: Placeholders): string {
  let redacted = text;
  for (const [name, value] of revealed) {
    for (const echo of echoesOf(value)) redacted = redacted.replaceAll(echo, () => placeholders.of(name));
  }
  return redacted;
}

function redactBytes(
  bytes: Uint8Array,
  revealed: ReadonlyMap<string, string>,
  placeholders: Placeholders,
): Uint8Array {
  if (revealed.size === 0) return bytes;
  const text = toLatin1(bytes);
  let redacted = text;
  for (const [name, value] of revealed) {
    for (const echo of echoesOf(value))
      redacted = redacted.replaceAll(asLatin1(echo), () => placeholders.of(name));
  }
  return redacted === text ? bytes : fromLatin1(redacted);
}

function asBase64Url(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
