import type { Serde } from "@restatedev/restate-sdk";
import { z } from "zod";
import type { JsonText, JsonValue } from "../base/json.ts";
import { DuraniumError } from "../domain/errors.ts";
import { parseEntryPoint } from "../domain/ids.ts";
import { compressAboveBytes } from "../domain/limits.ts";
import { anyJson } from "./any-json.ts";
import { compressBytes, decompressBytes, decompressInBackground } from "./compressed-bytes.ts";
import { parseCompressedBytes } from "./journaled-body.ts";

/**
 * The input of `Workflow/<id>/execute`: a JSON object with the members `entryPoint` and `payload`, both optional. A long payload is
 * compressed: then `compressedPayload`, `CompressedBytes` of it as UTF-8, takes the place of `payload`.
 *
 * The payload is handed to the guest as the bytes in which it came. Only the guest needs its value, and to parse and
 * write 4 MiB of it here would hold up all other executions. As long as it is compressed, Restate and its SDK copy a fraction of it.
 */
export interface ExecuteInput {
  readonly entryPoint?: string;
  /** JSON as UTF-8, unless somebody called Restate directly: only its extent was looked at. */
  readonly payload: Uint8Array;
}

/** The input as text. */
export async function executeInputText(input: {
  readonly entryPoint?: string | undefined;
  readonly payload: JsonText;
}): Promise<JsonText> {
  const entryPoint =
    input.entryPoint === undefined ? "" : `"entryPoint":${JSON.stringify(input.entryPoint)},`;
  return `{${entryPoint}${await payloadMember(input.payload)}}` as JsonText;
}

async function payloadMember(payload: JsonText): Promise<string> {
  if (payload.length <= compressAboveBytes) return `"payload":${payload}`;
  const compressed = await compressBytes(new TextEncoder().encode(payload));
  if (compressed === undefined) return `"payload":${payload}`;
  return `"compressedPayload":${JSON.stringify(compressed)}`;
}

/** How Restate's SDK reads and writes it. Faults are found by the handler, which can name them. */
export const executeInputSerde: Serde<Uint8Array> = {
  contentType: "application/json",
  serialize: (input) => input,
  deserialize: (bytes) => bytes,
};

const nullPayload = new TextEncoder().encode("null");

/** @throws {DuraniumError} `invalid-request`, `invalid-entry-point` */
export async function readExecuteInput(bytes: Uint8Array): Promise<ExecuteInput> {
  if (bytes.length === 0) return { payload: nullPayload };
  const members = readMembers(bytes);
  const entryPoint = members.get("entryPoint");
  const name = entryPoint === undefined ? undefined : parse(entryPoint);
  if (name !== undefined && typeof name !== "string") throw invalid("`entryPoint` is not a string");
  const compressed = members.get("compressedPayload");
  const payload = compressed === undefined ? members.get("payload") : await decompress(compressed);
  return {
    ...(name === undefined ? {} : { entryPoint: parseEntryPoint(name) }),
    payload: payload ?? nullPayload,
  };
}

async function decompress(member: Uint8Array): Promise<Uint8Array> {
  const compressed = parseCompressedBytes(parse(member));
  if (compressed === undefined) throw invalid("`compressedPayload` is malformed");
  try {
    return await decompressInBackground(compressed);
  } catch (cause) {
    throw invalid("`compressedPayload` cannot be decompressed", cause);
  }
}

const writtenInput = z.object({
  entryPoint: z.string().optional(),
  payload: anyJson.optional(),
  compressedPayload: anyJson.optional(),
});

/** The input as its reader sees it. An input that another client wrote in another form is shown as `null`. */
export function showExecuteInput(input: JsonValue | undefined): {
  readonly entryPoint?: string;
  readonly payload: JsonValue;
} {
  const { entryPoint, payload, compressedPayload } = writtenInput.safeParse(input).data ?? {};
  return {
    ...(entryPoint === undefined ? {} : { entryPoint }),
    payload: compressedPayload === undefined ? (payload ?? null) : showCompressed(compressedPayload),
  };
}

function showCompressed(member: JsonValue): JsonValue {
  const compressed = parseCompressedBytes(member);
  try {
    return compressed === undefined ? null : parse(decompressBytes(compressed));
  } catch {
    // Another client wrote it, and the execution failed because of it.
    return null;
  }
}

/** The members of a JSON object by their names, their values as they are written. Of equal names the last one counts. */
function readMembers(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const members = new Map<string, Uint8Array>();
  let at = skipSpace(bytes, 0);
  if (bytes[at] === 0x6e /* n */ && parse(bytes) === null) return members;
  if (bytes[at] !== open.object) throw invalid("it is no JSON object");
  do {
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === close.object && members.size === 0) break;
    const nameEnd = skipValue(bytes, at);
    const name = parse(bytes.subarray(at, nameEnd));
    at = skipSpace(bytes, nameEnd);
    if (typeof name !== "string" || bytes[at] !== colon) throw invalid("it is no JSON object");
    const start = skipSpace(bytes, at + 1);
    const end = skipValue(bytes, start);
    if (end === start) throw invalid("a member has no value");
    members.set(name, bytes.subarray(start, end));
    at = skipSpace(bytes, end);
  } while (bytes[at] === comma);
  if (bytes[at] !== close.object || skipSpace(bytes, at + 1) !== bytes.length) {
    throw invalid("it is no JSON object");
  }
  return members;
}

const open = { object: 0x7b, list: 0x5b } as const;
const close = { object: 0x7d, list: 0x5d } as const;
const comma = 0x2c;
const colon = 0x3a;
const quote = 0x22;
const backslash = 0x5c;

/** Where the value that begins at `start` ends. What is in it is not checked. One loop: a payload may have 4 MiB of quotes. */
function skipValue(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) {
      for (at += 1; at < bytes.length && bytes[at] !== quote; at += 1) if (bytes[at] === backslash) at += 1;
      if (at >= bytes.length) throw invalid("it ends too early");
      if (depth === 0) return at + 1;
    } else if (byte === open.object || byte === open.list) depth += 1;
    else if (byte === close.object || byte === close.list) {
      if (depth <= 1) return depth === 1 ? at + 1 : at;
      depth -= 1;
    } else if (depth === 0 && (byte === comma || byte === colon || isSpace(byte))) return at;
  }
  if (depth > 0) throw invalid("it ends too early");
  return bytes.length;
}

function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isSpace(bytes[at])) at += 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function parse(bytes: Uint8Array): JsonValue {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as JsonValue;
  } catch (cause) {
    throw invalid("it is no JSON", cause);
  }
}

function invalid(fault: string, cause?: unknown): DuraniumError {
  return new DuraniumError("invalid-request", `Cannot read the input of the execution: ${fault}`, { cause });
}
