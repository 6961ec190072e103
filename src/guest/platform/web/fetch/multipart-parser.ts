import { concatBytes } from "../streams/streams.ts";

/**
 * Parses a body of `multipart/form-data` (RFC 7578) in the dialects of common clients: browsers, curl, .NET (names
 * without quotes, `filename*`), Go and Python (escapes with backslashes), and mail libraries (folded lines, parts
 * as base64 or quoted-printable).
 *
 * @throws {TypeError} if the body is malformed
 */
export function parseMultipart(body: Uint8Array, boundary: string | undefined): FormData {
  if (boundary === undefined || boundary === "") throw malformed("its content type names no boundary");
  const form = new FormData();
  for (const part of splitParts(body, boundary)) addPart(form, part);
  return form;
}

interface Part {
  readonly head: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** One character per byte, so that offsets in the text equal offsets in the body. */
function bytewise(body: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < body.length; start += 8_192) {
    pieces.push(String.fromCharCode(...body.subarray(start, start + 8_192)));
  }
  return pieces.join("");
}

/** A delimiter may be followed by spaces (RFC 2046, section 5.1.1), and lines may end with a line feed alone. */
function splitParts(body: Uint8Array, boundary: string): readonly Part[] {
  const text = bytewise(body);
  const delimiter = `--${boundary}`;
  const parts: Part[] = [];
  let start = findDelimiter(text, delimiter, 0);
  while (start !== undefined && !text.startsWith("--", start.end)) {
    const next = findDelimiter(text, delimiter, start.end);
    if (next === undefined) throw malformed("its last part does not end");
    parts.push(splitPart(body, text, start.end, next.start));
    start = next;
  }
  if (start === undefined) throw malformed("its boundary is not in it");
  return parts;
}

/**
 * The offset of the line that starts with the delimiter, including its preceding line break, and the end of the
 * delimiter.
 */
function findDelimiter(
  text: string,
  delimiter: string,
  from: number,
): { start: number; end: number } | undefined {
  for (let at = text.indexOf(delimiter, from); at >= 0; at = text.indexOf(delimiter, at + 1)) {
    const end = at + delimiter.length;
    if (!/^(?:--|[ \t]*\r?\n)/.test(text.slice(end, end + 100))) continue;
    if (at === 0) return { start: 0, end };
    if (text[at - 1] === "\n") return { start: text[at - 2] === "\r" ? at - 2 : at - 1, end };
  }
  return undefined;
}

function splitPart(body: Uint8Array, text: string, start: number, end: number): Part {
  const headStart = text.indexOf("\n", start) + 1;
  const blank = /\r?\n\r?\n/g;
  // A part without headers starts with the empty line.
  blank.lastIndex = headStart - (text[headStart - 2] === "\r" ? 2 : 1);
  const found = blank.exec(text);
  const contentStart = found === null ? Number.POSITIVE_INFINITY : found.index + found[0].length;
  if (found === null || found.index > end) throw malformed("a part has no head");
  const head = new TextDecoder().decode(body.subarray(headStart, Math.max(headStart, found.index)));
  return { head, content: body.slice(Math.min(contentStart, end), end) };
}

function addPart(form: FormData, { head, content }: Part): void {
  const headers = headersOf(head);
  const disposition = headers.get("content-disposition") ?? "";
  const parameters = parametersOf(disposition);
  const name = parameters.get("name*") ?? parameters.get("name");
  if (!/^\s*form-data\s*(?:;|$)/i.test(disposition) || name === undefined)
    throw malformed("a part has no name");
  const decoded = decodeTransfer(content, headers.get("content-transfer-encoding"));
  const fileName = parameters.get("filename*") ?? parameters.get("filename");
  if (fileName === undefined) return form.append(name, new TextDecoder().decode(decoded));
  const type = headers.get("content-type") ?? "text/plain";
  return form.append(name, new File([decoded], fileName, { type }));
}

/** Headers by their names in lower case. A line that starts with a space continues the previous one. */
function headersOf(head: string): ReadonlyMap<string, string> {
  const lines = head.replaceAll(/\r?\n[ \t]+/g, " ").split(/\r?\n/);
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, Math.max(colon, 0)).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

/** `name=a`, `name="a"` with escapes, and `name*=UTF-8''a` (RFC 5987). The star is kept in the name. */
function parametersOf(disposition: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  const pattern = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:\\["\\]|[^"])*)"|([^;]*))/g;
  for (const [, key = "", quoted, bare = ""] of disposition.matchAll(pattern)) {
    const name = key.toLowerCase();
    const value = quoted === undefined ? bare.trim() : unescaped(quoted);
    if (!name.endsWith("*")) parameters.set(name, value);
    else if (extendedValue(value) !== undefined) parameters.set(name, extendedValue(value) as string);
  }
  return parameters;
}

/** Browsers write `%22`, other clients `\"`. */
function unescaped(quoted: string): string {
  return quoted
    .replaceAll(/\\(["\\])/g, "$1")
    .replaceAll(/%(?:0A|0D|22)/gi, (escape) => decodeURIComponent(escape));
}

function extendedValue(value: string): string | undefined {
  const [, charset = "", text = ""] = /^([\w-]+)'[^']*'(.*)$/.exec(value) ?? [];
  try {
    const bytes = text.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return new TextDecoder(charset).decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

function decodeTransfer(content: Uint8Array<ArrayBuffer>, encoding = ""): Uint8Array<ArrayBuffer> {
  const name = encoding.toLowerCase();
  if (name === "base64") return decodeBase64(content);
  return name === "quoted-printable" ? decodeQuotedPrintable(content) : content;
}

function decodeBase64(content: Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(bytewise(content));
  } catch {
    throw malformed("a part says that it is base64, and is not");
  }
}

/** RFC 2045, section 6.7. */
function decodeQuotedPrintable(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = bytewise(content).replaceAll(/=[ \t]*\r?\n/g, "");
  const text = joined.replaceAll(/=([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return concatBytes([Uint8Array.from(text, (character) => character.charCodeAt(0))]);
}

function malformed(why: string): TypeError {
  return new TypeError(`The body is no multipart form: ${why}`);
}
