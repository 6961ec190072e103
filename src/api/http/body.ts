import { MIMEType } from "node:util";
import type { z } from "zod";
import type { JsonText, JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { maxRequestBytes } from "../contract/limits.ts";
import { checkJson } from "../json/json-thread.ts";
import { parseJson } from "../json/json.ts";
import { parseWith } from "./validation.ts";

/** How a route reads its body, and how the OpenAPI document describes it. */
export interface BodyReader<T> {
  readonly required: boolean;
  readonly content: Readonly<Record<string, BodyContent>>;
  /** @throws {DuraniumError} `body-too-large`, `unsupported-media-type`, `invalid-json`, `invalid-request` */
  read(request: Request): Promise<T>;
}

export interface BodyContent {
  readonly schema: z.ZodType;
  readonly examples?: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>;
}

/**
 * A body that is one small JSON object. If it is optional, an empty body is read as `{}`.
 *
 * @param options.what names the body in the error if it is too large
 */
export function jsonBody<Schema extends z.ZodType>(
  schema: Schema,
  options: { readonly optional?: boolean; readonly what?: string; readonly maxBytes?: number } = {},
): BodyReader<z.output<Schema>> {
  return {
    required: options.optional !== true,
    content: { "application/json": { schema } },
    async read(request) {
      const { text } = await readText(request, {
        ...smallJson,
        ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
        mayBeEmpty: options.optional === true,
        what: options.what,
      });
      return parseWith(schema, text === "" ? {} : parseJson(text), "body");
    },
  };
}

const smallJson = { maxBytes: maxRequestBytes, accepts: ["application/json"] };

/** A body that is any JSON. An empty body is read as `null`. */
export function jsonValueBody(content: BodyContent, maxBytes: number): BodyReader<JsonValue> {
  return {
    required: false,
    content: { "application/json": content },
    read: async (request) => parseJson(await readJsonText(request, maxBytes)),
  };
}

/** As `jsonValueBody`, but returns the validated text, for handlers that forward it without using the value. */
export function jsonTextBody(content: BodyContent, maxBytes: number): BodyReader<JsonText> {
  return {
    required: false,
    content: { "application/json": content },
    read: async (request) => await checkJson(await readJsonText(request, maxBytes), request.signal),
  };
}

/** The text of a body that is any JSON; `null` for an empty body. */
async function readJsonText(request: Request, maxBytes: number): Promise<string> {
  const { text } = await readText(request, { maxBytes, accepts: ["application/json"], mayBeEmpty: true });
  return text === "" ? "null" : text;
}

/**
 * A body that its handler reads after it has checked that the request is allowed, so that cheap rejections precede
 * expensive reads.
 */
export function deferBody<T>(body: BodyReader<T>): BodyReader<() => Promise<T>> {
  return { ...body, read: async (request) => async () => await body.read(request) };
}

export interface TextBody {
  /** Lower case, without parameters. `undefined` if the body is empty or the request has no content type. */
  readonly mediaType: string | undefined;
  readonly text: string;
}

/**
 * A body as text of at most `maxBytes`. If it may be empty, an empty one may have any content type. A body without a
 * content type is read as JSON if JSON is accepted.
 */
export async function readText(
  request: Request,
  options: {
    readonly maxBytes: number;
    readonly accepts: readonly string[];
    readonly mayBeEmpty: boolean;
    readonly what?: string | undefined;
  },
): Promise<TextBody> {
  const bytes = await readBytes(request, options.maxBytes, options.what);
  if (bytes.length > 0) rejectContentEncoding(request.headers.get("content-encoding"));
  if (bytes.length === 0 && options.mayBeEmpty) return { mediaType: undefined, text: "" };
  if (bytes.length === 0) throw new DuraniumError("invalid-request", "Cannot read the body: it is empty");
  const mediaType = acceptedType(request.headers.get("content-type"), options.accepts);
  return { mediaType, text: decodeUtf8(bytes) };
}

/**
 * The bytes of a body as sent, at most `maxBytes`.
 *
 * @throws {DuraniumError} `body-too-large`, `invalid-request`
 */
export async function readBytes(request: Request, maxBytes: number, what = "the body"): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes, what);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(request)) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes, what);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The body as it arrives. A connection that the sender interrupts is not a server error. */
async function* chunksOf(request: Request): AsyncGenerator<Uint8Array> {
  const reader = request.body?.getReader();
  if (reader === undefined) return;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } catch (cause) {
    throw new DuraniumError("invalid-request", "Cannot read the body: the connection ended before it did", {
      cause,
    });
  }
}

function tooLarge(maxBytes: number, what: string): DuraniumError {
  return new DuraniumError(
    "body-too-large",
    `Cannot read ${what}: it is larger than ${maxBytes} bytes, the limit of this route`,
  );
}

function rejectContentEncoding(encoding: string | null): void {
  if (encoding === null || encoding.toLowerCase() === "identity") return;
  throw new DuraniumError(
    "unsupported-media-type",
    `Cannot read a body with content-encoding ${JSON.stringify(encoding)}: send it unencoded`,
  );
}

function acceptedType(header: string | null, accepts: readonly string[]): string | undefined {
  const [first = "application/json"] = accepts;
  if (header === null) {
    if (accepts.includes("application/json")) return undefined;
    throw unsupported("a body without a content type", accepts, first);
  }
  const type = parseMediaType(header);
  if (type === undefined || !accepts.some((accepted) => matches(type.essence, accepted))) {
    throw unsupported(`a body of type ${JSON.stringify(header)}`, accepts, first);
  }
  rejectCharset(type.params.get("charset"));
  return type.essence;
}

/** `undefined` if the header is not a valid media type. */
export function parseMediaType(header: string): MIMEType | undefined {
  try {
    return new MIMEType(header);
  } catch {
    return undefined;
  }
}

function matches(essence: string, accepted: string): boolean {
  return essence === accepted || (accepted === "application/json" && isJson(essence));
}

/** JSON has many media types: `application/vnd.shop.order+json` is JSON as well (RFC 6839). */
export function isJson(essence: string): boolean {
  return essence === "application/json" || essence.endsWith("+json");
}

function unsupported(what: string, accepts: readonly string[], first: string): DuraniumError {
  return new DuraniumError(
    "unsupported-media-type",
    `Cannot read ${what}: use ${accepts.join(", ")}. With curl, add: -H 'content-type: ${first}'`,
  );
}

function rejectCharset(charset: string | null): void {
  if (charset === null || /^(utf-?8|us-ascii)$/i.test(charset)) return;
  throw new DuraniumError(
    "unsupported-media-type",
    `Cannot read a body with charset ${JSON.stringify(charset)}: use UTF-8`,
  );
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DuraniumError("invalid-request", "Cannot read the body: it is not UTF-8", { cause });
  }
}
