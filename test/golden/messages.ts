import { messageHeaderBytes } from "../support/message-frames.ts";
import { decodeMessage, encodeMessage } from "./protobuf.ts";
import type { Field, Message } from "./protobuf.ts";

/**
 * The messages of Restate's service protocol that our handlers exchange with Restate, versions 5 to 7
 * (https://github.com/restatedev/service-protocol). Eight bytes of type, flags and length come first.
 */
export interface ProtocolMessage {
  readonly message: MessageName;
  readonly fields: Message;
}

export type MessageName = (typeof messages)[number]["name"];

const name: Field = { number: 12, name: "name", kind: "string" };
const result: Field = { number: 11, name: "resultCompletionId", kind: "integer" };
const completionId: Field = { number: 1, name: "completionId", kind: "integer" };
const nothing: Field = { number: 4, name: "void", kind: [] };
const content: readonly Field[] = [{ number: 1, name: "content", kind: "bytes" }];
const pair: readonly Field[] = [
  { number: 1, name: "key", kind: "string" },
  { number: 2, name: "value", kind: "string" },
];
const failure: readonly Field[] = [
  { number: 1, name: "code", kind: "integer" },
  { number: 2, name: "message", kind: "string" },
  { number: 3, name: "metadata", kind: pair, isRepeated: true },
];
const stateKeys: readonly Field[] = [{ number: 1, name: "keys", kind: "bytes", isRepeated: true }];
const stateKey: Field = { number: 1, name: "key", kind: "bytes" };
/** The content of a completion or a signal. */
const value: Field = { number: 5, name: "value", kind: content };
const failed: Field = { number: 6, name: "failure", kind: failure };

const messages = [
  {
    type: 0x0000,
    name: "Start",
    fields: [
      { number: 1, name: "id", kind: "bytes" },
      { number: 2, name: "debugId", kind: "string" },
      { number: 3, name: "knownEntries", kind: "integer" },
      {
        number: 4,
        name: "stateMap",
        kind: [stateKey, { number: 2, name: "value", kind: "bytes" }],
        isRepeated: true,
      },
      { number: 5, name: "partialState", kind: "boolean" },
      { number: 6, name: "key", kind: "string" },
      { number: 7, name: "retryCountSinceLastStoredEntry", kind: "integer" },
      { number: 8, name: "durationSinceLastStoredEntry", kind: "integer" },
      { number: 9, name: "randomSeed", kind: "integer" },
      { number: 10, name: "scope", kind: "string" },
      { number: 11, name: "limitKey", kind: "string" },
      { number: 12, name: "idempotencyKey", kind: "string" },
    ],
  },
  { type: 0x0001, name: "Suspension", fields: undefined },
  {
    type: 0x0002,
    name: "Error",
    fields: [
      { number: 1, name: "code", kind: "integer" },
      { number: 2, name: "message", kind: "string" },
      { number: 3, name: "stacktrace", kind: "string" },
      { number: 4, name: "relatedCommandIndex", kind: "integer" },
      { number: 5, name: "relatedCommandName", kind: "string" },
      { number: 6, name: "relatedCommandType", kind: "integer" },
      { number: 8, name: "nextRetryDelay", kind: "integer" },
      { number: 9, name: "behavior", kind: "integer" },
    ],
  },
  { type: 0x0003, name: "End", fields: [] },
  { type: 0x0005, name: "ProposeRunCompletion", fields: undefined },
  { type: 0x0006, name: "AwaitingOn", fields: undefined },
  { type: 0x0007, name: "ProposeRunCompletionAck", fields: undefined },
  {
    type: 0x0400,
    name: "InputCommand",
    fields: [
      { number: 1, name: "headers", kind: pair, isRepeated: true },
      name,
      { number: 14, name: "value", kind: content },
    ],
  },
  {
    type: 0x0401,
    name: "OutputCommand",
    fields: [
      name,
      { number: 14, name: "value", kind: content },
      { number: 15, name: "failure", kind: failure },
    ],
  },
  { type: 0x0402, name: "GetLazyStateCommand", fields: [stateKey, result, name] },
  { type: 0x8002, name: "GetLazyStateCompletion", fields: [completionId, nothing, value] },
  {
    type: 0x0403,
    name: "SetStateCommand",
    fields: [stateKey, { number: 3, name: "value", kind: content }, name],
  },
  { type: 0x0404, name: "ClearStateCommand", fields: [stateKey, name] },
  { type: 0x0405, name: "ClearAllStateCommand", fields: [name] },
  { type: 0x0406, name: "GetLazyStateKeysCommand", fields: [result, name] },
  {
    type: 0x8006,
    name: "GetLazyStateKeysCompletion",
    fields: [completionId, { number: 17, name: "stateKeys", kind: stateKeys }],
  },
  {
    type: 0x0407,
    name: "GetEagerStateCommand",
    fields: [
      stateKey,
      name,
      { number: 13, name: "void", kind: [] },
      { number: 14, name: "value", kind: content },
    ],
  },
  {
    type: 0x0408,
    name: "GetEagerStateKeysCommand",
    fields: [name, { number: 14, name: "value", kind: stateKeys }],
  },
  {
    type: 0x040c,
    name: "SleepCommand",
    fields: [{ number: 1, name: "wakeUpTime", kind: "integer" }, result, name],
  },
  { type: 0x800c, name: "SleepCompletion", fields: [completionId, nothing] },
  {
    type: 0x040d,
    name: "CallCommand",
    fields: [
      { number: 1, name: "serviceName", kind: "string" },
      { number: 2, name: "handlerName", kind: "string" },
      { number: 3, name: "parameter", kind: "bytes" },
      { number: 4, name: "headers", kind: pair, isRepeated: true },
      { number: 5, name: "key", kind: "string" },
      { number: 6, name: "idempotencyKey", kind: "string" },
      { number: 7, name: "scope", kind: "string" },
      { number: 8, name: "limitKey", kind: "string" },
      { number: 10, name: "invocationIdNotificationIndex", kind: "integer" },
      result,
      name,
    ],
  },
  { type: 0x800d, name: "CallCompletion", fields: [completionId, value, failed] },
  {
    type: 0x800e,
    name: "CallInvocationIdCompletion",
    fields: [completionId, { number: 16, name: "invocationId", kind: "string" }],
  },
  {
    type: 0x040e,
    name: "OneWayCallCommand",
    fields: [
      { number: 1, name: "serviceName", kind: "string" },
      { number: 2, name: "handlerName", kind: "string" },
      { number: 3, name: "parameter", kind: "bytes" },
      { number: 4, name: "invokeTime", kind: "integer" },
      { number: 5, name: "headers", kind: pair, isRepeated: true },
      { number: 6, name: "key", kind: "string" },
      { number: 7, name: "idempotencyKey", kind: "string" },
      { number: 8, name: "scope", kind: "string" },
      { number: 9, name: "limitKey", kind: "string" },
      { number: 10, name: "invocationIdNotificationIndex", kind: "integer" },
      name,
    ],
  },
  {
    type: 0x0410,
    name: "SendSignalCommand",
    fields: [
      { number: 1, name: "targetInvocationId", kind: "string" },
      { number: 2, name: "signalIndex", kind: "integer" },
      { number: 3, name: "signalName", kind: "string" },
      nothing,
      value,
      failed,
      name,
    ],
  },
  { type: 0x0411, name: "RunCommand", fields: [result, name] },
  { type: 0x8011, name: "RunCompletion", fields: [completionId, value, failed] },
  {
    type: 0xfbff,
    name: "Signal",
    fields: [
      { number: 2, name: "index", kind: "integer" },
      { number: 3, name: "name", kind: "string" },
      nothing,
      value,
      failed,
    ],
  },
] as const satisfies readonly MessageType[];

interface MessageType {
  readonly type: number;
  readonly name: string;
  /** `undefined` where nobody looks at what is in it. */
  readonly fields: readonly Field[] | undefined;
}

/** @param bytes one whole message */
export function readMessage(bytes: Buffer): ProtocolMessage {
  const type = bytes.readUInt16BE(0);
  const found: MessageType | undefined = messages.find((each) => each.type === type);
  if (found === undefined)
    throw new Error(`There is a message 0x${type.toString(16)} that is not known here`);
  const message = found.name as MessageName;
  if (found.fields === undefined) return { message, fields: {} };
  return { message, fields: decodeMessage(found.fields, bytes.subarray(messageHeaderBytes)) };
}

/** The bytes that `readMessage` was given. */
export function writeMessage({ message, fields }: ProtocolMessage): Buffer {
  const known: MessageType | undefined = messages.find((each) => each.name === message);
  if (known?.fields === undefined) throw new Error(`The message ${message} cannot be written here`);
  const body = encodeMessage(known.fields, fields);
  const header = Buffer.alloc(messageHeaderBytes);
  header.writeUInt16BE(known.type, 0);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

/** What a handler asks for, and what comes of it, are the entries of a journal; the rest is talk about them. */
export function isCommand({ message }: ProtocolMessage): boolean {
  return message.endsWith("Command");
}

/** A text field. */
export function textOf({ message, fields }: ProtocolMessage, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") throw new Error(`The message ${message} has no ${name}`);
  return value;
}
