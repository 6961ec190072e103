import type { Serde } from "@restatedev/restate-sdk";
import { z } from "zod";
import type { JsonText, JsonValue } from "../base/json.ts";
import type { ScheduledRun } from "../domain/automation/schedule.ts";
import { DuraniumError } from "../domain/errors.ts";
import { parseEntryPoint } from "../domain/ids.ts";
import { anyJson } from "./any-json.ts";
import { compressAboveBytes } from "./compressed-bytes.ts";
import { compressBytes, decompressBytes, decompressInBackground } from "./compressed-bytes.ts";
import { forkInput } from "./forks.ts";
import type { ForkInput } from "./forks.ts";
import { compressedBytes } from "./journaled-body.ts";

/**
 * The input of `Workflow/<id>/execute`: a JSON object with the optional members `entryPoint` and `payload`, `version` and
 * `schedule` if a schedule sends it, and `version` and `fork` if it is a fork. A long payload is compressed: the member `compressedPayload`, `CompressedBytes` of its UTF-8, then replaces `payload`.
 *
 * The guest receives the payload as the original bytes. Only the guest needs its value, and parsing and serializing 4 MiB
 * of JSON on the main thread would block all other executions. Compression reduces what Restate and its SDK copy.
 */
export interface ExecuteInput {
  readonly entryPoint?: string;
  /** The version to execute instead of the current one. */
  readonly version?: number;
  /** The run of a schedule that this execution is. */
  readonly schedule?: ScheduledRun;
  /** The results of another execution with which it begins. */
  readonly fork?: ForkInput;
  /** True if the API took a token of the workflow's rate limit before it accepted the execution. */
  readonly hasToken?: true;
  /** JSON as UTF-8. Only its extent is checked: a client that calls Restate directly may have sent malformed JSON. */
  readonly payload: Uint8Array;
}

/** Serializes the input. */
export async function executeInputText(input: {
  readonly entryPoint?: string | undefined;
  readonly payload: JsonText;
  readonly hasToken?: boolean;
  readonly version?: number | undefined;
  readonly fork?: ForkInput | undefined;
}): Promise<JsonText> {
  const { entryPoint, version, fork } = input;
  const members = [
    memberText({ entryPoint }),
    memberText({ version }),
    memberText({ fork }),
    ...(input.hasToken === true ? [`"hasToken":true`] : []),
    await payloadMember(input.payload),
  ];
  return `{${members.filter((member) => member !== "").join(",")}}` as JsonText;
}

/** @returns an empty text for an undefined member */
function memberText(member: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(member).slice(1, -1);
}

async function payloadMember(payload: JsonText): Promise<string> {
  if (payload.length <= compressAboveBytes) return `"payload":${payload}`;
  const compressed = await compressBytes(new TextEncoder().encode(payload));
  if (compressed === undefined) return `"payload":${payload}`;
  return `"compressedPayload":${JSON.stringify(compressed)}`;
}

/** Passes bytes through the SDK, so that the handler parses them and can name what is wrong. */
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
    ...readScheduleMembers(members),
    ...readFork(members.get("fork")),
    ...(members.has("hasToken") ? { hasToken: true as const } : {}),
    payload: payload ?? nullPayload,
  };
}

function readScheduleMembers(
  members: ReadonlyMap<string, Uint8Array>,
): Pick<ExecuteInput, "version" | "schedule"> {
  const [version, schedule] = ["version", "schedule"].map((name) => members.get(name));
  if (version === undefined && schedule === undefined) return {};
  const read = scheduleMembers.safeParse({
    ...(version === undefined ? {} : { version: parse(version) }),
    ...(schedule === undefined ? {} : { schedule: parse(schedule) }),
  });
  if (!read.success) throw invalid("`version` or `schedule` is malformed");
  return read.data;
}

const scheduleMembers = z.object({
  version: z.int().exactOptional(),
  schedule: z
    .object({ id: z.string(), scheduledAt: z.string(), previousAt: z.string().exactOptional() })
    .exactOptional(),
});

function readFork(member: Uint8Array | undefined): Pick<ExecuteInput, "fork"> {
  if (member === undefined) return {};
  const fork = forkInput.safeParse(parse(member)).data;
  if (fork === undefined) throw invalid("`fork` is malformed");
  return { fork };
}

async function decompress(member: Uint8Array): Promise<Uint8Array> {
  const compressed = compressedBytes.safeParse(parse(member)).data;
  if (compressed === undefined) throw invalid("`compressedPayload` is malformed");
  try {
    return await decompressInBackground(compressed);
  } catch (cause) {
    throw invalid("`compressedPayload` cannot be decompressed", cause);
  }
}

const writtenInput = z.object({
  ...scheduleMembers.shape,
  entryPoint: z.string().optional(),
  payload: anyJson.optional(),
  compressedPayload: anyJson.optional(),
});

/** Returns the input as the timeline shows it. The malformed payload of another client is shown as `null`. */
export function showExecuteInput(input: JsonValue | undefined): {
  readonly entryPoint?: string;
  readonly schedule?: ScheduledRun;
  readonly payload: JsonValue;
} {
  const { entryPoint, schedule, payload, compressedPayload } = writtenInput.safeParse(input).data ?? {};
  return {
    ...(entryPoint === undefined ? {} : { entryPoint }),
    ...(schedule === undefined ? {} : { schedule }),
    payload: compressedPayload === undefined ? (payload ?? null) : showCompressed(compressedPayload),
  };
}

function showCompressed(member: JsonValue): JsonValue {
  const compressed = compressedBytes.safeParse(member).data;
  try {
    return compressed === undefined ? null : parse(decompressBytes(compressed));
  } catch {
    // Only another client can have sent it, and the execution has failed because of it.
    return null;
  }
}

/** Returns the unparsed values of a JSON object by name. Of duplicate names, the last one counts, as in `JSON.parse`. */
function readMembers(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const members = new Map<string, Uint8Array>();
  let at = skipSpace(bytes, 0);
  if (bytes[at] === 0x6e /* n */ && parse(bytes) === null) return members;
  if (bytes[at] !== open.object) throw invalid("it is not a JSON object");
  do {
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === close.object && members.size === 0) break;
    const nameEnd = skipValue(bytes, at);
    const name = parse(bytes.subarray(at, nameEnd));
    at = skipSpace(bytes, nameEnd);
    if (typeof name !== "string" || bytes[at] !== colon) throw invalid("it is not a JSON object");
    const start = skipSpace(bytes, at + 1);
    const end = skipValue(bytes, start);
    if (end === start) throw invalid("a member has no value");
    members.set(name, bytes.subarray(start, end));
    at = skipSpace(bytes, end);
  } while (bytes[at] === comma);
  if (bytes[at] !== close.object || skipSpace(bytes, at + 1) !== bytes.length) {
    throw invalid("it is not a JSON object");
  }
  return members;
}

const open = { object: 0x7b, list: 0x5b } as const;
const close = { object: 0x7d, list: 0x5d } as const;
const comma = 0x2c;
const colon = 0x3a;
const quote = 0x22;
const backslash = 0x5c;

/**
 * Returns the end of the value that begins at `start`, without validating it. It is a single loop without recursion,
 * because a payload may be nested to any depth.
 */
function skipValue(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) {
      for (at += 1; at < bytes.length && bytes[at] !== quote; at += 1) if (bytes[at] === backslash) at += 1;
      if (at >= bytes.length) throw invalid("it is truncated");
      if (depth === 0) return at + 1;
    } else if (byte === open.object || byte === open.list) depth += 1;
    else if (byte === close.object || byte === close.list) {
      if (depth <= 1) return depth === 1 ? at + 1 : at;
      depth -= 1;
    } else if (depth === 0 && (byte === comma || byte === colon || isSpace(byte))) return at;
  }
  if (depth > 0) throw invalid("it is truncated");
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
    throw invalid("it is not valid JSON", cause);
  }
}

function invalid(fault: string, cause?: unknown): DuraniumError {
  return new DuraniumError("invalid-request", `Cannot read the input of the execution: ${fault}`, { cause });
}
