/** The part that `Request` and `Response` share: the body mixin of the Fetch standard, section 5.3. */
import { domString } from "../../../core/interface.ts";
import { decodeText, encodeText, parseJson } from "../../../core/encoding.ts";
import { ownWeakMap } from "../../../core/primordials.ts";
import { randomBoundary } from "../../../core/random.ts";
import { extractMimeType, serializeMimeType } from "../data/mime-type.ts";
import { parseMultipart } from "./multipart-parser.ts";
import { encodeMultipart } from "./multipart.ts";
import {
  clonedChunks,
  consumedStream,
  isByteStream,
  isDisturbed,
  isReadableStream,
  passedOn,
  readAll,
  streamOfBytes,
} from "../streams/streams.ts";

export type BodyInit =
  | string
  | Blob
  | FormData
  | URLSearchParams
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream<unknown>;

/** A body is bytes in memory, bytes that must be awaited (blobs), or a stream. */
export type Content =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "later"; readonly read: () => Promise<Uint8Array<ArrayBuffer>> }
  | { readonly kind: "stream"; readonly stream: ReadableStream<unknown> };

interface BodyState {
  content: Content | null;
  used: boolean;
}

const states = ownWeakMap<object, BodyState>();

/** Base of `Request` and `Response`: reading a body, once. */
export abstract class Body {
  abstract readonly headers: Headers;

  get body(): ReadableStream<unknown> | null {
    const state = stateOf(this);
    return state.content === null ? null : openStream(state, state.content);
  }

  get bodyUsed(): boolean {
    return isUsed(stateOf(this));
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await takeBody(this)).buffer;
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return takeBody(this);
  }

  async blob(): Promise<Blob> {
    const bytes = await takeBody(this);
    const type = extractMimeType(this.headers.get("content-type"));
    return new Blob([bytes], { type: type === undefined ? "" : serializeMimeType(type) });
  }

  async text(): Promise<string> {
    return decodeText(await takeBody(this));
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- the platform's type, because only the caller knows it
  async json(): Promise<any> {
    return parseJson(decodeText(await takeBody(this)));
  }

  async formData(): Promise<FormData> {
    const bytes = await takeBody(this);
    const header = this.headers.get("content-type");
    const type = extractMimeType(header);
    if (type?.essence === "multipart/form-data")
      return parseMultipart(bytes, type.parameters.get("boundary"));
    if (type?.essence === "application/x-www-form-urlencoded") return parseUrlEncoded(bytes);
    throw new TypeError(`The body is no form: its content type is "${header ?? ""}"`);
  }
}

/**
 * Sets the body of an object, and the `Content-Type` header if it is not set.
 *
 * @throws {TypeError} if the body is a stream that is being read
 */
export function setBody(owner: Body, init: BodyInit | null | undefined): void {
  if (init === null || init === undefined) return void states.set(owner, { content: null, used: false });
  const { content, type } = extractBody(init);
  states.set(owner, { content, used: false });
  if (type !== "" && !owner.headers.has("content-type")) owner.headers.set("content-type", type);
}

/** Sets the body of an object to bytes that no other object holds, or to none. */
export function setBodyBytes(owner: Body, bytes: Uint8Array<ArrayBuffer> | null): void {
  states.set(owner, { content: bytes === null ? null : { kind: "bytes", bytes }, used: false });
}

/**
 * Moves the body of `from` to `to`, after which `from` counts as used. @throws {TypeError} if it is used already
 */
export function moveBody(from: Body, to: Body): void {
  const state = requireUnused(from);
  const { content } = state;
  // Code that holds the stream of `from` must no longer be able to read it.
  const moved = content?.kind === "stream" ? { ...content, stream: passedOn(content.stream) } : content;
  states.set(to, { content: moved, used: false });
  state.used = true;
}

/** Gives `copy` a separate body with the same bytes. @throws {TypeError} if the body was read already */
export function copyBody(original: Body, copy: Body): void {
  const state = requireUnused(original);
  const [kept, given] = duplicate(state.content);
  state.content = kept;
  states.set(copy, { content: given, used: false });
}

/**
 * Reads all bytes of a body and marks it as used. The result is synchronous if the bytes are in memory. A missing
 * body is empty.
 */
export function takeBody(owner: Body): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>> {
  const state = requireUnused(owner);
  const { content } = state;
  if (content === null) return new Uint8Array(0);
  state.used = true;
  // After this, the only visible property of the body is that it was read.
  if (content.kind !== "stream") state.content = usedContent;
  return readContent(content);
}

const usedContent: Content = { kind: "bytes", bytes: new Uint8Array(0) };

/** Reads all bytes of a content that has no other reader. The result is synchronous if the bytes are in memory. */
export function readContent(content: Content): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>> {
  if (content.kind === "bytes") return content.bytes;
  return content.kind === "later" ? content.read() : readAll(content.stream);
}

export function hasBody(owner: Body): boolean {
  return stateOf(owner).content !== null;
}

function stateOf(owner: object): BodyState {
  const state = states.get(owner);
  if (state === undefined) throw new TypeError("This is neither a Request nor a Response");
  return state;
}

function requireUnused(owner: Body): BodyState {
  const state = stateOf(owner);
  const isLocked = state.content?.kind === "stream" && state.content.stream.locked;
  if (!isLocked && !isUsed(state)) return state;
  throw new TypeError("The body was read already, or is being read: clone() before reading it twice");
}

function isUsed({ content, used }: BodyState): boolean {
  return content !== null && (used || (content.kind === "stream" && isDisturbed(content.stream)));
}

/** Turns the body into a stream. Chunks that are read from it are no longer available to `text()` and the like. */
function openStream(state: BodyState, content: Content): ReadableStream<unknown> {
  if (content.kind === "stream") return content.stream;
  const read = content.kind === "bytes" ? () => content.bytes : content.read;
  const stream = state.used ? consumedStream() : streamOfBytes(read);
  state.content = { kind: "stream", stream };
  return stream;
}

function duplicate(content: Content | null): [Content | null, Content | null] {
  if (content === null) return [null, null];
  if (content.kind === "later") return [content, content];
  if (content.kind === "bytes") return [content, { kind: "bytes", bytes: content.bytes.slice() }];
  const isOfBytes = isByteStream(content.stream);
  const [kept, given] = content.stream.tee();
  return [
    { kind: "stream", stream: kept },
    // `tee` itself copies the chunks of a byte stream.
    { kind: "stream", stream: isOfBytes ? given : clonedChunks(given) },
  ];
}

/**
 * Section 5.2 of the standard: the body and its type, which may be "", of an author's value.
 *
 * @throws {TypeError} if the value is a stream that is being read
 */
export function extractBody(init: BodyInit): { content: Content; type: string } {
  if (isReadableStream(init)) return { content: streamContent(init), type: "" };
  if (init instanceof Blob) return { content: blobContent(init), type: init.type };
  if (init instanceof FormData) return formContent(init);
  if (init instanceof ArrayBuffer || ArrayBuffer.isView(init)) return { content: copyOf(init), type: "" };
  const type =
    init instanceof URLSearchParams
      ? "application/x-www-form-urlencoded;charset=UTF-8"
      : "text/plain;charset=UTF-8";
  return { content: { kind: "bytes", bytes: encodeText(domString(init)) }, type };
}

function streamContent(stream: ReadableStream<unknown>): Content {
  if (stream.locked || isDisturbed(stream)) {
    throw new TypeError("The stream cannot be a body: it is being read, or was read already");
  }
  return { kind: "stream", stream };
}

function blobContent(blob: Blob): Content {
  return { kind: "later", read: async () => new Uint8Array(await blob.arrayBuffer()) };
}

function formContent(form: FormData): { content: Content; type: string } {
  const boundary = `----duranium-${randomBoundary()}`;
  const encoded = encodeMultipart(form, boundary);
  const content: Content =
    encoded instanceof Uint8Array
      ? { kind: "bytes", bytes: encoded }
      : { kind: "later", read: async () => (await encoded).slice() };
  return { content, type: `multipart/form-data; boundary=${boundary}` };
}

function copyOf(source: ArrayBuffer | ArrayBufferView): Content {
  const view =
    source instanceof ArrayBuffer
      ? new Uint8Array(source)
      : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return { kind: "bytes", bytes: new Uint8Array(view) };
}

/** A byte order mark is part of the first name. */
function parseUrlEncoded(bytes: Uint8Array): FormData {
  const form = new FormData();
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  for (const [name, value] of new URLSearchParams(text)) form.append(name, value);
  return form;
}
