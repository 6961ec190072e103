import type { JsonValue } from "../base/json.ts";

/** Names of the signals by which events and callbacks reach an execution, and of the entries that wait for them. */

/** The signal under which the event number `index` of its name reaches an execution. */
export function eventSignal(event: string, index: number): string {
  return `event ${event} ${index}`;
}

export function callbackSignal(callback: number): string {
  return `callback ${callback}`;
}

/** What a signal is of; `undefined` where its name is none of ours. */
export function parseSignal(
  signal: string,
): { readonly event: string; readonly index: number } | { readonly callback: number } | undefined {
  const [kind, what = "", number = ""] = signal.split(" ");
  if (kind === "callback") return { callback: Number(what) };
  return kind === "event" ? { event: what, index: Number(number) } : undefined;
}

/** The signal that an entry of the journal waits for, by the entry's name. */
export function signalAwaited(name: string): string | undefined {
  const [, kind, what = "", number = "1"] = waitForm.exec(name) ?? [];
  if (kind === "callback") return callbackSignal(Number(what));
  return kind === "event" ? eventSignal(what, Number(number) - 1) : undefined;
}

/** The number of the callback that an entry of the journal waits for, by the entry's name. */
export function callbackAwaited(name: string): number | undefined {
  const [, kind, what] = waitForm.exec(name) ?? [];
  return kind === "callback" ? Number(what) : undefined;
}

const waitForm = /^wait for (event|callback) (\S+)(?: \((\d+)\))?$/;

/** What such a signal carries: what was posted, and when, in milliseconds since the Unix epoch. */
export interface PostedSignal {
  readonly now: number;
  readonly value: JsonValue;
}
