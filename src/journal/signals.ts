import type { JsonValue } from "../base/json.ts";
import type { QueueId } from "../domain/ids.ts";

/** The names of the signals that carry events and callbacks to an execution, and of the entries that wait for them. */

/** The name of the signal for event number `index` of its name. */
export function eventSignal(event: string, index: number): string {
  return `event ${event} ${index}`;
}

export function callbackSignal(callback: number): string {
  return `callback ${callback}`;
}

/** Parses the name of a signal. Returns undefined for names that this module does not make. */
export function parseSignal(
  signal: string,
): { readonly event: string; readonly index: number } | { readonly callback: number } | undefined {
  const [kind, what = "", number = ""] = signal.split(" ");
  if (kind === "callback") return { callback: Number(what) };
  return kind === "event" ? { event: what, index: Number(number) } : undefined;
}

/** Returns the signal that a journal entry waits for, given the name of the entry. */
export function signalAwaited(name: string): string | undefined {
  const [, kind, what = "", number = "1"] = waitForm.exec(name) ?? [];
  if (kind === "callback") return callbackSignal(Number(what));
  return kind === "event" ? eventSignal(what, Number(number) - 1) : undefined;
}

/** Returns the number of the callback that a journal entry waits for, given the name of the entry. */
export function callbackAwaited(name: string): number | undefined {
  const [, kind, what] = waitForm.exec(name) ?? [];
  return kind === "callback" ? Number(what) : undefined;
}

const waitForm = /^wait for (event|callback) (\S+)(?: \((\d+)\))?$/;

/** The value of such a signal: the input, and the time when the API received it, in milliseconds since the Unix epoch. */
export interface PostedSignal {
  readonly now: number;
  readonly value: JsonValue;
}

/** The name of the signal that answers an execution's request to a queue. */
export function slotSignal(queue: QueueId, number: number): string {
  return `slot ${queue} ${number}`;
}

/** True for the answers of queues that an execution passes before it runs. */
export function isStartSlotSignal(signal: string): boolean {
  return signal.startsWith("slot workflow:") || signal.startsWith("slot shared:");
}
