/**
 * The guest's side of host calls: it numbers them, stores the pending ones, and settles them.
 *
 * 1. Ids are 0, 1, 2… in the order of the calls. No id is used twice.
 * 2. An answer settles a call at most once. Answers to abandoned or unknown calls are ignored.
 * 3. Before an execution has started, no call reaches the host.
 * 4. The number of pending calls is limited. The host receives the first call above the limit and ends the
 *    execution with it. Later calls are dropped.
 */
import { abandon, call } from "duranium:runtime/host@0.1.0";
import { maxCallsInFlight } from "../../domain/limits.ts";
import { decodeJson, encodeJson, encodeText, noBytes, toJson } from "../core/encoding.ts";
import { describeStack } from "../core/error-stack.ts";
import { NativePromise, ownMap } from "../core/primordials.ts";
import { authorFrames } from "../core/stack.ts";

/** A successful answer: `value` is the result of the operation, `body` the raw bytes that came with it. */
export interface Answer {
  readonly value: unknown;
  readonly body: Uint8Array<ArrayBuffer>;
}

interface PendingCall {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
  /** An error whose stack shows where the workflow made the call. */
  readonly origin: Error;
}

let begun = false;
let hasCallSites = false;
let nextId = 0;
let isFlooded = false;
const pending = ownMap<number, PendingCall>();

/**
 * Called when an execution starts. From then on, calls reach the host.
 *
 * @param callSites true if the host wants to know where the workflow makes each call: in a replay, never in an execution
 */
export function startHostCalls(callSites: boolean): void {
  begun = true;
  hasCallSites = callSites;
}

export function resetHostCalls(): void {
  begun = false;
  hasCallSites = false;
  nextId = 0;
  isFlooded = false;
  pending.clear();
}

/** True once an execution has started. During the evaluation of a workflow there is none. */
export function hasExecution(): boolean {
  return begun;
}

/** @throws {Error} during the evaluation of the workflow, naming the unavailable operation */
export function assertExecution(what: string): void {
  if (begun) return;
  throw new Error(`${what} is not available while the workflow is loaded: call it inside run()`);
}

/** A pending host call. */
export interface HostCall {
  /**
   * Rejects with the error that the host reports, or with a `CancelledError` when the execution is cancelled. The
   * error is a `TypeError`, a `DOMException` named `AbortError` or `TimeoutError`, or else an `Error` of that name
   * with its `code`. Its stack is that of the call.
   */
  readonly answer: Promise<Answer>;
  /**
   * Notifies the host that the answer is no longer needed. `answer` then stays pending. Returns `false` if the
   * answer had already arrived.
   */
  readonly abandon: () => boolean;
}

/**
 * Requests an operation from the host. The host is called before this function returns.
 *
 * @throws {RangeError} if too many calls are pending
 */
export function callHost(operation: string, args: object, body: Uint8Array = noBytes): HostCall {
  if (pending.size >= maxCallsInFlight) throw rejectCall(operation, args);
  const id = nextId;
  nextId += 1;
  const origin = new Error(operation);
  const answer = new NativePromise<Answer>((resolve, reject) => {
    pending.set(id, { resolve, reject, origin });
  });
  call(id, operation, hasCallSites ? withCallSite(args, origin) : encodeJson(args), body);
  return { answer, abandon: () => abandonCall(id) };
}

/** JSON has no line break, so the frames follow one. */
function withCallSite(args: object, { stack = "" }: Error): Uint8Array {
  return encodeText(`${toJson(args) ?? "null"}\n${authorFrames(stack)}`);
}

function rejectCall(operation: string, args: object): RangeError {
  if (!isFlooded) call(nextId, operation, encodeJson(args), noBytes);
  isFlooded = true;
  const error = new RangeError(`More than ${maxCallsInFlight} host calls at once (callsInFlight)`);
  return Object.assign(error, { code: "limit-exceeded" });
}

/** Delivers an answer. `outcome` is JSON: `{ok: true, value}` or `{ok: false, error}`. */
export function settleCall(id: number, outcome: Uint8Array, body: Uint8Array<ArrayBuffer>): void {
  const waiting = pending.get(id);
  if (waiting === undefined) return;
  pending.delete(id);
  const settled = decodeJson(outcome) as Settled;
  if (settled.ok) waiting.resolve({ value: settled.value, body });
  else waiting.reject(withStack(errorOf(settled.error), waiting.origin));
}

/** Rejects all pending calls in the order in which they were made. The host has already dropped them. */
export function cancelCalls(): void {
  const waiting: PendingCall[] = [];
  pending.forEach((call) => waiting.push(call));
  pending.clear();
  for (const { reject, origin } of waiting) reject(withStack(errorOf(cancelled), origin));
}

const cancelled: HostError = {
  name: "CancelledError",
  message: "The execution was cancelled",
  code: "cancelled",
};

type Settled =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: HostError };

interface HostError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly cause?: HostError;
}

function abandonCall(id: number): boolean {
  const isOutstanding = pending.delete(id);
  if (isOutstanding) abandon(id);
  return isOutstanding;
}

function errorOf({ name, message, code, cause }: HostError): Error {
  const error = namedError(name, message);
  if (cause !== undefined) {
    const value = errorOf(cause);
    Object.defineProperty(error, "cause", { value, configurable: true, writable: true });
  }
  // DOMException has its own numeric `code`.
  if (code !== undefined) Object.defineProperty(error, "code", { value: code, enumerable: true });
  return error;
}

function namedError(name: string, message: string): Error {
  if (name === "AbortError" || name === "TimeoutError") return new DOMException(message, name);
  if (name === "TypeError") return new TypeError(message);
  const error = new Error(message);
  if (name !== "Error")
    Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  return error;
}

/** The answer arrives in a separate turn, whose stack has no frame of the workflow. */
function withStack(error: Error, origin: Error): Error {
  const value = describeStack(error, origin.stack ?? "");
  Object.defineProperty(error, "stack", { value, configurable: true, writable: true });
  return error;
}
