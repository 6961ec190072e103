import { z } from "zod";
import { parseEventName } from "../../domain/ids.ts";
import type { JsonValue } from "../../domain/json.ts";
import { defineOperation } from "./operation.ts";
import type { DatedOutcome, Operation } from "./operation.ts";

const index = z.int().nonnegative();
const waitArguments = z.union([
  z.strictObject({ event: z.string().refine(isEventName), index }),
  z.strictObject({ callback: index }),
]);

/**
 * `ctx.waitForEvent` and the promise of `ctx.createCallback`. Arguments: `{event, index}`, of the events with
 * this name the one that came as number `index`; or `{callback}`, its number. Value: what was posted.
 */
export const waitOperation: Operation = defineOperation({
  name: "wait",
  isEffect: false,
  arguments: waitArguments,
  start: (journal, { arguments: awaited }) =>
    journal.signal(nameOf(awaited), signalOf(awaited)).map(outcomeOf),
});

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

type Awaited = z.infer<typeof waitArguments>;

function nameOf(awaited: Awaited): string {
  if ("callback" in awaited) return `wait for callback ${awaited.callback}`;
  const { event, index: number } = awaited;
  return number === 0 ? `wait for event ${event}` : `wait for event ${event} (${number + 1})`;
}

function signalOf(awaited: Awaited): string {
  return "event" in awaited ? eventSignal(awaited.event, awaited.index) : callbackSignal(awaited.callback);
}

const posted = z.strictObject({ now: z.number(), value: z.custom<JsonValue>() });

function outcomeOf(signal: JsonValue): DatedOutcome {
  const { now, value } = posted.parse(signal);
  return { ok: true, now, value };
}

function isEventName(text: string): boolean {
  try {
    return parseEventName(text) !== "";
  } catch {
    return false;
  }
}
