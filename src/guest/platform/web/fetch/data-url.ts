import { parseMimeType, serializeMimeType } from "../data/mime-type.ts";

/** The content of a `data:` URL. */
export interface DataUrl {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The `data:` URL processor (Fetch standard, section 6). `undefined` if the URL is malformed. */
export function parseDataUrl(url: URL): DataUrl | undefined {
  const text = url.href.slice("data:".length, url.href.length - url.hash.length);
  const comma = text.indexOf(",");
  if (comma < 0) return undefined;
  const head = text.slice(0, comma).replaceAll(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, "");
  const withoutBase64 = head.replace(/; *base64$/i, "");
  const bytes = percentDecoded(text.slice(comma + 1));
  const decoded = withoutBase64 === head ? bytes : forgivingBase64(bytes);
  return decoded === undefined ? undefined : { type: typeOf(withoutBase64), bytes: decoded };
}

function typeOf(head: string): string {
  const type = parseMimeType(head.startsWith(";") ? `text/plain${head}` : head);
  return type === undefined ? "text/plain;charset=US-ASCII" : serializeMimeType(type);
}

/** The URL parser has percent-encoded everything but ASCII. */
function percentDecoded(text: string): Uint8Array<ArrayBuffer> {
  const decoded = text.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return latin1(decoded);
}

function forgivingBase64(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const text = new TextDecoder("latin1").decode(bytes);
  try {
    return latin1(atob(text));
  } catch {
    return undefined;
  }
}

function latin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
