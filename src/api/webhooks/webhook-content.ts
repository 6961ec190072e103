import type { MIMEType } from "node:util";
import { Busboy } from "@fastify/busboy";
import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { maxPayloadBytes } from "../../domain/limits.ts";
import { maxFormFields } from "../contract/limits.ts";
import { isJson, parseMediaType } from "../http/body.ts";
import { parseJson } from "../json/json.ts";

/** Bytes that are not text, or a file of a form. */
export type Bytes = {
  readonly contentType: string | null;
  readonly filename?: string;
  readonly base64: string;
};

/**
 * Converts the body of a webhook's request to the payload of the workflow:
 *
 * - JSON: its value. An empty body is `null`.
 * - A form, including `multipart/form-data`: an object of its fields. A repeated field is an array, and a file is
 *   `{filename, contentType, base64}`.
 * - XML and every `text/` type: a string.
 * - Everything else: `{contentType, base64}`.
 *
 * A body without a content type is read as JSON if it is valid JSON, else as text, else as bytes.
 *
 * @throws {DuraniumError} `invalid-json`; `invalid-request` if a form cannot be read
 */
export async function readWebhookContent(
  bytes: Uint8Array,
  contentType: string | undefined,
): Promise<JsonValue> {
  const type = contentType === undefined ? undefined : parseMediaType(contentType);
  if (bytes.length === 0) return null;
  if (contentType === undefined) return untyped(bytes);
  if (type === undefined) return textOr(bytes, undefined, contentType);
  if (isJson(type.essence)) return parseJson(jsonText(bytes, type));
  if (type.essence === "application/x-www-form-urlencoded") return urlEncoded(bytes);
  if (type.essence === "multipart/form-data") return await multipart(bytes, contentType);
  if (isText(type)) return textOr(bytes, type, contentType);
  return asBytes(bytes, contentType);
}

/** Collects names and values into an object: a repeated name has all of its values. */
export function collectFields(fields: Iterable<readonly [string, JsonValue]>): Record<string, JsonValue> {
  const collected = new Map<string, JsonValue[]>();
  let count = 0;
  for (const [name, value] of fields) {
    count += 1;
    if (count > maxFormFields) throw tooManyFields();
    const values = collected.get(name);
    if (values === undefined) collected.set(name, [value]);
    else values.push(value);
  }
  const entries = [...collected].map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
  return Object.fromEntries(entries) as Record<string, JsonValue>;
}

/**
 * The body for workflows that verify a signature themselves: `Buffer.from(rawBody, rawEncoding)` has its bytes. The
 * encoding is base 64 if the bytes are not UTF-8, or would be longer as a JSON string.
 */
export function rawBodyOf(bytes: Uint8Array): {
  readonly rawBody: string;
  readonly rawEncoding: "utf8" | "base64";
} {
  // `ignoreBOM` keeps the byte order mark, so that encoding the text gives the same bytes.
  const text = decode(bytes, new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }));
  const base64Length = Math.ceil(bytes.length / 3) * 4;
  if (text !== undefined && Buffer.byteLength(JSON.stringify(text)) <= 2 * base64Length)
    return { rawBody: text, rawEncoding: "utf8" };
  return { rawBody: Buffer.from(bytes).toString("base64"), rawEncoding: "base64" };
}

function untyped(bytes: Uint8Array): JsonValue {
  const text = decode(bytes, utf8());
  if (text === undefined) return asBytes(bytes, null);
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function jsonText(bytes: Uint8Array, type: MIMEType): string {
  const text = decode(bytes, decoderOf(type) ?? utf8());
  if (text !== undefined) return text;
  throw new DuraniumError(
    "invalid-request",
    "Cannot read the body as JSON: its bytes are not in its character set",
  );
}

function isText({ type, essence }: MIMEType): boolean {
  return type === "text" || essence === "application/xml" || essence.endsWith("+xml");
}

/** Falls back to bytes if the character set is unknown, or the bytes are not valid in it. */
function textOr(bytes: Uint8Array, type: MIMEType | undefined, contentType: string): JsonValue {
  const decoder = type === undefined ? utf8() : decoderOf(type);
  const text = decoder === undefined ? undefined : decode(bytes, decoder);
  return text ?? asBytes(bytes, contentType);
}

function asBytes(bytes: Uint8Array, contentType: string | null): Bytes {
  return { contentType, base64: Buffer.from(bytes).toString("base64") };
}

function urlEncoded(bytes: Uint8Array): JsonValue {
  const text = Buffer.from(bytes).toString("utf8");
  // Counted before parsing, because a body within the size limit can have millions of fields.
  let separators = 0;
  for (const byte of bytes) if (byte === 0x26) separators += 1;
  if (separators >= maxFormFields) throw tooManyFields();
  return collectFields(new URLSearchParams(text));
}

/** RFC 7578, with the deviations of common senders. An invalid form reaches the workflow as bytes. */
async function multipart(bytes: Uint8Array, contentType: string): Promise<JsonValue> {
  try {
    return collectFields((await readParts(bytes, contentType)).map(({ name, value }) => [name, value]));
  } catch (error) {
    if (error instanceof DuraniumError) throw error;
    return asBytes(bytes, contentType);
  }
}

interface Part {
  readonly name: string;
  value: JsonValue;
}

async function readParts(bytes: Uint8Array, contentType: string): Promise<readonly Part[]> {
  const parts: Part[] = [];
  const add = (name: string | undefined, value: JsonValue) => {
    const part = { name: name ?? "", value };
    parts.push(part);
    return part;
  };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const limits = { parts: maxFormFields, fieldSize: maxPayloadBytes };
  const parser = new Busboy({ headers: { "content-type": contentType }, limits });
  parser.on("field", (name, value, _nameTruncated, _valueTruncated, encoding) => {
    add(name, encoding === "base64" ? Buffer.from(value, "base64").toString("utf8") : value);
  });
  parser.on("file", (name, stream, filename, encoding, type) => {
    const part = add(name, null);
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("end", () => (part.value = fileOf(Buffer.concat(chunks), { filename, encoding, type })));
  });
  parser.on("partsLimit", () => reject(tooManyFields()));
  parser.on("error", reject);
  parser.on("finish", resolve);
  parser.end(bytes);
  await promise;
  return parts;
}

function fileOf(
  bytes: Buffer,
  {
    filename,
    encoding,
    type,
  }: { readonly filename: string; readonly encoding: string; readonly type: string },
): Bytes {
  const base64 = encoding === "base64" ? bytes.toString("latin1").replaceAll(/\s/g, "") : undefined;
  return { filename, contentType: type, base64: base64 ?? bytes.toString("base64") };
}

function utf8(): TextDecoder {
  return new TextDecoder("utf-8", { fatal: true });
}

/** `undefined` where the character set is unknown. */
function decoderOf(type: MIMEType): TextDecoder | undefined {
  try {
    return new TextDecoder(type.params.get("charset") ?? "utf-8", { fatal: true });
  } catch {
    return undefined;
  }
}

function decode(bytes: Uint8Array, decoder: TextDecoder): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function tooManyFields(): DuraniumError {
  return new DuraniumError(
    "invalid-request",
    `Cannot read the form: it has more than ${maxFormFields} fields (maxFormFields)`,
  );
}
