import { fromBase64, fromLatin1, includesAscii, toBase64, toLatin1, utf8Length } from "../../base/bytes.ts";
import { matchesHost } from "../../domain/host-pattern.ts";
import type { HostPattern } from "../../domain/host-pattern.ts";
import { maxFetchHeaderBytes, maxFetchRequestBytes, maxRevealedSecretBytes } from "../../domain/limits.ts";
import type { Envelope } from "../network/envelope.ts";
import { FetchError } from "../network/fetch-error.ts";
import type { HeaderList } from "../network/http-headers.ts";
import type { Placeholders } from "../seed/secret-placeholder.ts";
import { insideJson } from "./secret-echoes.ts";
import { redactBytes, redactText } from "./secret-redaction.ts";

/**
 * Secrets on their way out: a request holds placeholders until the moment in which it is sent, and what comes
 * back has placeholders where the secret was. So a secret is in no guest, journal, log or error.
 *
 * 1. A secret goes to the hosts that it names, and to no other: a redirect is held against them like the request.
 * 2. Whatever leaves this file towards a guest was searched for every secret that was sent.
 * 3. Secrets and placeholders differ in length, so both ways have a limit on what comes out, not only on what goes in.
 */
export interface Secret {
  readonly value: string;
  readonly hosts: readonly HostPattern[];
}

/** Where secrets come from. */
export interface SecretSource {
  find(workflowId: string, name: string): Secret | undefined;
}

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
    const revealedBytes = Array.from(revealed.values(), utf8Length).reduce((sum, bytes) => sum + bytes, 0);
    if (revealedBytes <= maxRevealedSecretBytes) return secret.value;
    throw new FetchError(
      "limit-exceeded",
      `the secrets in one request are larger together than ${maxRevealedSecretBytes} bytes (maxRevealedSecretBytes)`,
    );
  }

  return {
    reveal(message) {
      const { url, headers, body } = message;
      const filling = (limit: Limit) => {
        const withinLimit = createLimit(limit);
        return (text: string, encode: Encode = (value) => value) =>
          text.replaceAll(placeholders.pattern, (placeholder, name: string) =>
            withinLimit(encode(find(name, url)), placeholder.length),
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

interface Limit {
  readonly what: string;
  readonly maxBytes: Readonly<Record<string, number>>;
}

/** Passes values on until they have added more to the texts that they are put into than there may be. */
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

/** Changes the text of a header's value. `Basic` hides it in base 64 (RFC 7617). */
export function mapHeaderText(value: string, fill: (text: string) => string): string {
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

function asLatin1(text: string): string {
  return toLatin1(utf8(text));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
