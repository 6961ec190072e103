import { fromBase64, fromLatin1, includesAscii, toBase64, toLatin1, utf8Length } from "../../base/bytes.ts";
import { matchesHost } from "../../domain/host-pattern.ts";
import type { HostPattern } from "../../domain/host-pattern.ts";
import { maxFetchRequestBytes } from "../../domain/limits.ts";
import { maxFetchHeaderBytes, maxRevealedSecretBytes } from "../limits.ts";
import type { Envelope } from "../network/envelope.ts";
import { FetchError } from "../network/fetch-error.ts";
import type { HeaderList } from "../network/http-headers.ts";
import type { Placeholders } from "../seed/secret-placeholder.ts";
import { insideJson } from "./secret-echoes.ts";
import { redactBytes, redactText } from "./secret-redaction.ts";

/**
 * Inserts secrets into requests and removes them from responses. A request has placeholders until it is sent, and a response has
 * placeholders in place of echoed secrets. So no guest, journal, log or error contains a secret.
 *
 * 1. A secret is sent only to its allowed hosts. Redirects are checked like requests.
 * 2. Everything that this module returns to a guest was searched for every secret of the request.
 * 3. Secrets and placeholders differ in length, so the output is limited in both directions, and not only the input.
 */
export interface Secret {
  readonly value: string;
  readonly hosts: readonly HostPattern[];
}

/** The source of secrets. */
export interface SecretSource {
  find(workflowId: string, name: string): Secret | undefined | Promise<Secret | undefined>;
}

export function createEnvelope(
  source: SecretSource,
  { workflowId, placeholders }: { readonly workflowId: string; readonly placeholders: Placeholders },
): Envelope {
  const revealed = new Map<string, string>();

  function check(name: string, secret: Secret | undefined, url: URL): string {
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
    const revealedBytes = Array.from(revealed.values(), utf8Length).reduce((sum, bytes) => sum + bytes, 0);
    if (revealedBytes <= maxRevealedSecretBytes) return secret.value;
    throw new FetchError(
      "limit-exceeded",
      `the secrets in one request exceed ${maxRevealedSecretBytes} bytes in total (maxRevealedSecretBytes)`,
    );
  }

  return {
    async reveal(message) {
      const { url, headers, body } = message;
      const secrets = new Map<string, Secret | undefined>();
      for (const name of namesIn(message, placeholders))
        secrets.set(name, await source.find(workflowId, name));
      const filling = (limit: Limit) => {
        const withinLimit = createLimit(limit);
        return (text: string, encode: Encode = (value) => value) =>
          text.replaceAll(placeholders.pattern, (placeholder, name: string) =>
            withinLimit(encode(check(name, secrets.get(name), url)), placeholder.length),
          );
      };
      const fillHead = filling({ what: "the URL and headers", maxBytes: { maxFetchHeaderBytes } });
      const fillPayload = filling({ what: "the body", maxBytes: { maxFetchRequestBytes } });
      const fill = (text: string, encode?: Encode) =>
        placeholders.mayBeIn(text) ? fillHead(text, encode) : text;
      const filledUrl = fill(url.href, encodeURIComponent);
      return {
        ...message,
        url: filledUrl === url.href ? url : new URL(filledUrl),
        headers: headers.map(([name, value]) => [name, mapHeaderText(value, fill)] as const),
        body: fillBody(body, { headers, fill: fillPayload }),
      };
    },
    redactText: (text) => redactText(text, revealed, placeholders),
    redactBytes: async (bytes, maxBytes, signal) =>
      await redactBytes(bytes, { revealed, placeholders, maxBytes, signal }),
  };
}

/** The names of the secrets whose placeholders a message has, in order. */
function namesIn(
  { url, headers, body }: Parameters<Envelope["reveal"]>[0],
  placeholders: Placeholders,
): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (text: string) => {
    if (placeholders.mayBeIn(text))
      for (const [, name = ""] of text.matchAll(placeholders.pattern)) names.add(name);
    return text;
  };
  collect(url.href);
  for (const [, value] of headers) mapHeaderText(value, collect);
  fillBody(body, { headers, fill: collect });
  return names;
}

interface Limit {
  readonly what: string;
  readonly maxBytes: Readonly<Record<string, number>>;
}

/** Limits the bytes that inserted values add to a text. */
function createLimit({ what, maxBytes }: Limit): (value: string, replacedLength: number) => string {
  const [[name, max] = ["", 0]] = Object.entries(maxBytes);
  let added = 0;
  return (value, replacedLength) => {
    added += Math.max(0, value.length - replacedLength);
    if (added <= max) return value;
    throw new FetchError("limit-exceeded", `secrets would add more than ${max} bytes to ${what} (${name})`);
  };
}

type Encode = (value: string) => string;

/** Maps the text of a header's value. The value of `Basic` is decoded from base64 first (RFC 7617). */
export function mapHeaderText(value: string, fill: (text: string) => string): string {
  const encoded = /^basic +([a-z0-9+/]+=*)$/i.exec(value)?.[1];
  if (encoded === undefined) return fill(value);
  const plain = textIn(encoded);
  const filled = fill(plain);
  return filled === plain ? value : `Basic ${toBase64(utf8(filled))}`;
}

/** Returns an empty text if it is not base64, since it contains no placeholder then. */
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
  // Latin-1 preserves every byte, and the bytes of the value are inserted unchanged.
  const text = toLatin1(body);
  const filled = fill(text, (value) => asLatin1(encodingOf(type)(value)));
  return filled === text ? body : fromLatin1(filled);
}

function encodingOf(contentType: string): Encode {
  if (/[/+]json\b/i.test(contentType)) return insideJson;
  if (/x-www-form-urlencoded/i.test(contentType)) return encodeURIComponent;
  return (value) => value;
}

function asLatin1(text: string): string {
  return toLatin1(utf8(text));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
