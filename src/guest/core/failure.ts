/**
 * A thrown value as JSON: the payload of `host.fail`. Any value can be thrown, including objects whose getters
 * throw and proxies, so this module trusts no value and never throws.
 */
import { maxFailureBytes, maxFailureCauses, maxFailureErrors } from "../../domain/limits.ts";
import { encodeJson } from "./encoding.ts";
import { printable } from "./printable.ts";
import { authorFrames } from "./stack.ts";

/** `{name, message, stack, code?, cause?, errors?}`. `stack` is in the format of `authorFrames`. */
export interface ThrownFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: string | number;
  readonly cause?: ThrownFailure;
  /** The errors of an `AggregateError`, the first `maxFailureErrors`. */
  readonly errors?: readonly ThrownFailure[];
}

const maxNameLength = 200;
const maxMessageLength = 32 * 1024;
/** Characters of the message of a cause or inner error. */
const maxInnerMessageLength = 1024;
/** Causes and inner errors together, because nested aggregate errors multiply. */
const maxInnerFailures = 40;

interface Place {
  readonly depth: number;
  readonly room: { left: number };
}

/**
 * The bytes for the host, at most `maxFailureBytes`. If the stack has no frame of the author's code (a thrown
 * string, an abort reason), `fallbackStack` is used.
 */
export function encodeFailure(thrown: unknown, fallbackStack: string): Uint8Array<ArrayBuffer> {
  const failure = describeThrown(thrown, fallbackStack);
  const whole = encodeJson(failure);
  if (whole.length <= maxFailureBytes) return whole;
  const { name, message, stack } = failure;
  const alone = encodeJson({ name, message, stack });
  if (alone.length <= maxFailureBytes) return alone;
  // One UTF-16 unit takes at most six bytes in JSON.
  const share = maxFailureBytes / 6 / 2 - maxNameLength;
  return encodeJson({ name, message: shorten(message, share), stack: stack.slice(0, share) });
}

/** @param place the depth within another failure, and the number of further failures that it may contain */
export function describeThrown(
  thrown: unknown,
  fallbackStack = "",
  { depth, room }: Place = { depth: 0, room: { left: maxInnerFailures } },
): ThrownFailure {
  const error = isObject(thrown) ? thrown : undefined;
  const inner = error === undefined ? {} : describeInner(error, { depth, room });
  const name = shorten(nameOf(error), maxNameLength);
  const message = shorten(messageOf(thrown), depth === 0 ? maxMessageLength : maxInnerMessageLength);
  return {
    name,
    message: message + hintFor(name, message),
    stack: stackOf(error) || fallbackStack,
    ...inner,
  };
}

/** A hint for errors that the engine itself throws and whose message does not explain the cause. */
function hintFor(name: string, message: string): string {
  const hint = "; this engine has no Unicode property escapes (\\p{…}), write the characters out as ranges";
  return name === "SyntaxError" && message === "invalid property name in regular expression" ? hint : "";
}

function nameOf(error: object | undefined): string {
  const name = error === undefined ? undefined : read(error, "name");
  return typeof name === "string" && name !== "" ? name : "Error";
}

function messageOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  if (!isObject(thrown)) return String(thrown);
  const message = read(thrown, "message");
  if (typeof message === "string") return message;
  const shown = printable(thrown, maxMessageLength);
  return typeof shown === "string" ? shown : new TextDecoder().decode(encodeJson(shown));
}

function stackOf(error: object | undefined): string {
  const stack = error === undefined ? undefined : read(error, "stack");
  return typeof stack === "string" ? authorFrames(stack) : "";
}

function describeInner(error: object, { depth, room }: Place): Partial<ThrownFailure> {
  const code = read(error, "code");
  const isDeepest = depth >= maxFailureCauses;
  const inside = (thrown: unknown): ThrownFailure[] => {
    if (room.left === 0) return [];
    room.left -= 1;
    return [describeThrown(thrown, "", { depth: depth + 1, room })];
  };
  const cause = isDeepest ? undefined : read(error, "cause");
  const [describedCause] = cause === undefined ? [] : inside(cause);
  const errors = isDeepest ? [] : readList(error, "errors").flatMap(inside);
  return {
    ...((typeof code === "string" && code !== "" && code.length <= maxNameLength) || typeof code === "number"
      ? { code }
      : {}),
    ...(describedCause === undefined ? {} : { cause: describedCause }),
    ...(errors.length === 0 ? {} : { errors }),
  };
}

function read(object: object, key: string): unknown {
  try {
    return Reflect.get(object, key) as unknown;
  } catch {
    return undefined;
  }
}

function readList(object: object, key: string): unknown[] {
  try {
    const list = Reflect.get(object, key) as unknown;
    return Array.isArray(list) ? (list.slice(0, maxFailureErrors) as unknown[]) : [];
  } catch {
    return [];
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function shorten(text: string, maxLength: number): string {
  const kept = Math.floor(maxLength);
  return text.length <= kept ? text : `${text.slice(0, kept)}… (${text.length - kept} more characters)`;
}
