/** `multipart/form-data`, as the HTML standard writes it and RFC 7578 defines it. */
import { encodeText } from "../encoding.ts";
import { concatBytes } from "./streams.ts";

/** The body of a form under a boundary. Known at once where no part is a file. */
export function encodeMultipart(
  form: FormData,
  boundary: string,
): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>> {
  const pieces: (string | File)[] = [];
  for (const [name, value] of form) pieces.push(headOf(name, value, boundary), contentOf(value), "\r\n");
  pieces.push(`--${boundary}--\r\n`);
  const texts = pieces.filter((piece) => typeof piece === "string");
  return texts.length === pieces.length ? encodeText(texts.join("")) : encodePieces(pieces);
}

/**
 * Reads a body of which `contentType` names the boundary.
 *
 * @throws {TypeError} where it is malformed
 */
export function parseMultipart(body: Uint8Array, contentType: string): FormData {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^;\s]{1,70}))/i.exec(contentType);
  if (boundary === null) throw malformed("its content type names no boundary");
  const form = new FormData();
  for (const part of splitParts(body, boundary[1] ?? boundary[2] ?? "")) addPart(form, part);
  return form;
}

function headOf(name: string, value: string | File, boundary: string): string {
  const disposition = `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(lines(name))}"`;
  if (typeof value === "string") return `${disposition}\r\n\r\n`;
  const type = value.type === "" ? "application/octet-stream" : value.type;
  return `${disposition}; filename="${escapeName(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`;
}

function contentOf(value: string | File): string | File {
  return typeof value === "string" ? lines(value) : value;
}

function lines(text: string): string {
  return text.replace(/\r\n|\r|\n/g, "\r\n");
}

function escapeName(name: string): string {
  return name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}

async function encodePieces(pieces: readonly (string | File)[]): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for (const piece of pieces) {
    chunks.push(typeof piece === "string" ? encodeText(piece) : new Uint8Array(await piece.arrayBuffer()));
  }
  return concatBytes(chunks);
}

interface Part {
  readonly head: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** One character per byte, so that offsets in the text are offsets in the body. */
const bytewise = new TextDecoder("latin1");

function splitParts(body: Uint8Array, boundary: string): Part[] {
  const text = `\r\n${bytewise.decode(body)}`;
  const delimiter = `\r\n--${boundary}`;
  const parts: Part[] = [];
  let start = text.indexOf(delimiter);
  while (start >= 0 && !text.startsWith("--", start + delimiter.length)) {
    const end = text.indexOf(delimiter, start + delimiter.length);
    if (end < 0) throw malformed("its last part does not end");
    parts.push(splitPart(body, text, start + delimiter.length, end));
    start = end;
  }
  if (start < 0) throw malformed("its boundary is not in it");
  return parts;
}

/** `start` is behind the delimiter, `end` before the next; `text` is two characters ahead of `body`. */
function splitPart(body: Uint8Array, text: string, start: number, end: number): Part {
  const headEnd = text.indexOf("\r\n\r\n", start);
  if (headEnd < 0 || headEnd > end) throw malformed("a part has no head");
  const head = new TextDecoder().decode(body.subarray(start - 2, headEnd - 2));
  return { head, content: body.slice(headEnd + 2, end - 2) };
}

function addPart(form: FormData, { head, content }: Part): void {
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1];
  const name = disposition === undefined ? undefined : parameterOf(disposition, "name");
  if (disposition === undefined || name === undefined) throw malformed("a part has no name");
  const fileName = parameterOf(disposition, "filename");
  if (fileName === undefined) return form.append(name, new TextDecoder().decode(content));
  const type = /^content-type:\s*(.*?)\s*$/im.exec(head)?.[1] ?? "text/plain";
  return form.append(name, new Blob([content], { type }), fileName);
}

function parameterOf(disposition: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|[;\\s])${name}="([^"]*)"`, "i").exec(disposition);
  return found?.[1]?.replace(/%(0A|0D|22)/gi, (escape) => decodeURIComponent(escape));
}

function malformed(why: string): TypeError {
  return new TypeError(`The body is no multipart form: ${why}`);
}
