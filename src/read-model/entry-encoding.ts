import type { JsonValue } from "../base/json.ts";
import { fieldsOf } from "../base/protobuf.ts";
import type { RestateFailure } from "../journal/restate-failure.ts";

/**
 * Decodes journal entries as Restate stores them, and as `sys_journal.raw` returns them: messages of the service protocol
 * (`restate/service/protocol.proto`) in Protocol Buffers. The column `entry_json` has the same content, but Restate renders
 * it with every byte as a decimal number, for every row that it scans, which is several times slower.
 */

/** A result: `NotificationTemplate`. Both members are undefined if the result is void, as after a sleep. */
export interface RawResult {
  readonly value: JsonValue | undefined;
  readonly failure: RestateFailure | undefined;
}

/** The input of an invocation: `InputCommandMessage`. */
export interface RawInput {
  readonly payload: JsonValue | undefined;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** Decodes a result. A value that is not JSON is undefined. The id of a started invocation is a value too. */
export function decodeResult(raw: Buffer): RawResult {
  const message = readMessage(raw);
  const [invocationId] = message.bytes(16);
  const value = invocationId === undefined ? valueIn(message, 5) : invocationId.toString("utf8");
  return { value, failure: failureIn(message, 6) };
}

export function decodeInput(raw: Buffer): RawInput {
  const message = readMessage(raw);
  return { payload: valueIn(message, 14), headers: message.bytes(1).map(pairOf) };
}

/** Decodes an input whose payload is passed on as it is. */
export function decodeInputText(raw: Buffer): Pick<RawInput, "headers"> & { readonly text: string } {
  const message = readMessage(raw);
  const text = contentIn(message, 14)?.toString("utf8") ?? "";
  return { text, headers: message.bytes(1).map(pairOf) };
}

/** Decodes the output of an invocation: `OutputCommandMessage`. */
export function decodeOutput(raw: Buffer): RawResult {
  const message = readMessage(raw);
  return { value: valueIn(message, 14), failure: failureIn(message, 15) };
}

/** The fields of a message by their numbers. */
interface Message {
  bytes(field: number): readonly Buffer[];
  integer(field: number): number;
}

/** Reads a field of the type `Value`. */
function valueIn(message: Message, field: number): JsonValue | undefined {
  const content = contentIn(message, field);
  return content === undefined ? undefined : parseJson(content);
}

function contentIn(message: Message, field: number): Buffer | undefined {
  const [value] = message.bytes(field);
  return value === undefined ? undefined : readMessage(value).bytes(1)[0];
}

/** Reads a field of the type `Failure`. */
function failureIn(message: Message, field: number): RestateFailure | undefined {
  const [failure] = message.bytes(field);
  if (failure === undefined) return undefined;
  const fields = readMessage(failure);
  const metadata = Object.fromEntries(
    fields
      .bytes(3)
      .map(pairOf)
      .map(({ name, value }) => [name, value]),
  );
  return { code: fields.integer(1), message: fields.bytes(2)[0]?.toString("utf8") ?? "", metadata };
}

/** Reads a `Header` or a `FailureMetadata`. */
function pairOf(bytes: Buffer): { readonly name: string; readonly value: string } {
  const pair = readMessage(bytes);
  const text = (field: number) => pair.bytes(field)[0]?.toString("utf8") ?? "";
  return { name: text(1), value: text(2) };
}

function parseJson(bytes: Buffer): JsonValue | undefined {
  try {
    return JSON.parse(bytes.toString("utf8")) as JsonValue;
  } catch {
    return undefined;
  }
}

/** The fields before the first one that cannot be read; a damaged entry is shown without the rest. */
function readMessage(bytes: Buffer): Message {
  const integers = new Map<number, number>();
  const parts = new Map<number, Buffer[]>();
  try {
    for (const { number, content } of fieldsOf(bytes)) {
      if (typeof content === "bigint") integers.set(number, Number(content));
      else parts.set(number, [...(parts.get(number) ?? []), content]);
    }
  } catch {
    // The message is truncated or has an unknown wire type.
  }
  return { bytes: (field) => parts.get(field) ?? [], integer: (field) => integers.get(field) ?? 0 };
}
