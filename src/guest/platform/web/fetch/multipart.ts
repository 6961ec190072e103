/** Serializes `multipart/form-data` as the HTML standard specifies. */
import { encodeText } from "../../../core/encoding.ts";
import { concatBytes } from "../streams/streams.ts";

/** The body of a form with the given boundary. The result is synchronous if no part is a file. */
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
