import type { JsonValue } from "../../src/base/json.ts";
import { fieldsOf } from "../../src/base/protobuf.ts";

/**
 * Protocol Buffers' wire format, to and from JSON, by tables of fields (https://protobuf.dev/programming-guides/encoding).
 * Only what Restate's messages need, and nothing is lost on the way: a field that no table names is an error, and
 * bytes that are no text are written as they are.
 */
export interface Field {
  readonly number: number;
  readonly name: string;
  readonly kind: "integer" | "boolean" | "string" | "bytes" | readonly Field[];
  readonly isRepeated?: true;
}

export type Message = { readonly [name: string]: JsonValue };

/** @throws an error that names what cannot be read */
export function decodeMessage(fields: readonly Field[], bytes: Buffer): Message {
  const message: Record<string, JsonValue> = {};
  for (const { number, wireType, content } of fieldsOf(bytes)) {
    if (wireType !== 0 && wireType !== lengthDelimited) throw new Error(`Unknown wire type ${wireType}`);
    const field = fields.find((each) => each.number === number);
    if (field === undefined) throw new Error(`There is a field ${number} that is not known here`);
    const value = decodeValue(field, content);
    const before = message[field.name];
    if (field.isRepeated !== true) message[field.name] = value;
    else message[field.name] = [...(Array.isArray(before) ? before : []), value];
  }
  return message;
}

/** The fields go in the order of the table, which is that of their numbers. */
export function encodeMessage(fields: readonly Field[], message: Message): Buffer {
  const foreign = Object.keys(message).find((name) => fields.every((field) => field.name !== name));
  if (foreign !== undefined) throw new Error(`There is a field "${foreign}" that is not known here`);
  return Buffer.concat(
    fields.flatMap((field) => {
      const value = message[field.name];
      if (value === undefined) return [];
      const values = field.isRepeated === true ? (value as readonly JsonValue[]) : [value];
      return values.map((each) => encodeField(field, each));
    }),
  );
}

const lengthDelimited = 2;

function decodeValue({ name, kind }: Field, content: bigint | Buffer): JsonValue {
  const isNumber = kind === "integer" || kind === "boolean";
  if (isNumber !== (typeof content === "bigint")) throw new Error(`The field "${name}" has another type`);
  if (typeof content === "bigint") return kind === "boolean" ? content === 1n : readableInteger(content);
  if (kind === "string") return content.toString("utf8");
  return typeof kind === "string" ? readableBytes(content) : decodeMessage(kind, content);
}

function encodeField({ number, kind }: Field, value: JsonValue): Buffer {
  if (kind === "integer" || kind === "boolean") {
    return Buffer.concat([writeVarint(BigInt(number << 3)), writeVarint(BigInt(value as number | boolean))]);
  }
  const content = encodeContent(kind, value);
  const tag = writeVarint(BigInt((number << 3) | lengthDelimited));
  return Buffer.concat([tag, writeVarint(BigInt(content.length)), content]);
}

function encodeContent(kind: "string" | "bytes" | readonly Field[], value: JsonValue): Buffer {
  if (kind === "string") return Buffer.from(value as string);
  return kind === "bytes" ? bytesOf(value as ReadableBytes) : encodeMessage(kind, value as Message);
}

function writeVarint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 0x80n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}

/** Those that JSON's numbers do not hold exactly are written as text. */
function readableInteger(value: bigint): JsonValue {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}

/** As what they hold: JSON, else text, else hexadecimal digits. */
type ReadableBytes = { readonly json: JsonValue } | { readonly text: string } | { readonly hex: string };

function readableBytes(bytes: Buffer): ReadableBytes {
  const text = bytes.toString("utf8");
  if (!Buffer.from(text).equals(bytes)) return { hex: bytes.toString("hex") };
  try {
    const json = JSON.parse(text) as JsonValue;
    if (JSON.stringify(json) === text) return { json };
  } catch {
    // It is text of another kind.
  }
  return { text };
}

function bytesOf(readable: ReadableBytes): Buffer {
  if ("json" in readable) return Buffer.from(JSON.stringify(readable.json));
  return "text" in readable ? Buffer.from(readable.text) : Buffer.from(readable.hex, "hex");
}
