import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { parseEventName } from "../../domain/ids.ts";
import { maxEventsPerExecution } from "../../domain/limits.ts";
import type { GuestContext } from "../../host/guest.ts";
import { callbackSecret } from "../../host/seed/callback-secret.ts";
import { callbackSignal, eventSignal, parseSignal } from "../../journal/signals.ts";
import type { PreviewCallback, PreviewRun } from "../contract/preview.ts";
import type { JournalEntry } from "./journal-record.ts";

/** Accepts events and callbacks of a run, by the rules of the Virtual Object `Execution`. */
export interface Mailbox extends Pick<PreviewRun, "sendEvent" | "completeCallback"> {
  /** The events of these entries, without duplicates. */
  eventsOf(entries: readonly JournalEntry[]): readonly string[];
  callbacksOf(entries: readonly JournalEntry[]): readonly PreviewCallback[];
}

/**
 * @param deliver delivers a signal that `ctx.waitForEvent` or a callback waits for
 * @param recorded the signals that arrive by themselves, in a run on a recording
 */
export function createMailbox(
  context: GuestContext,
  deliver: (signal: string, value: JsonValue) => void,
  recorded: Iterable<string>,
): Mailbox {
  const { events, used } = numbersOf(recorded);
  const urls = new Map<number, string>();
  let sent = 0;

  function urlOf(callback: number): string {
    const url = urls.get(callback) ?? callbackUrlOf(context, callback);
    urls.set(callback, url);
    return url;
  }

  return {
    sendEvent(name, payload) {
      const event = parseEventName(name);
      if (sent >= maxEventsPerExecution) throw tooManyEvents(sent);
      const number = events.get(event) ?? 0;
      events.set(event, number + 1);
      sent += 1;
      deliver(eventSignal(event, number), payload);
    },
    completeCallback(given, payload) {
      const callback = typeof given === "number" ? given : callbackAt(given, context);
      if (used.has(callback)) throw alreadyUsed();
      used.add(callback);
      deliver(callbackSignal(callback), payload);
    },
    eventsOf: (entries) => [
      ...new Set(signalsOf(entries).flatMap((of) => ("event" in of ? [of.event] : []))),
    ],
    callbacksOf(entries) {
      const numbers = new Set(signalsOf(entries).flatMap((of) => ("callback" in of ? [of.callback] : [])));
      return Array.from(numbers, (callback) => ({
        callback,
        url: urlOf(callback),
        isUsed: used.has(callback),
      }));
    },
  };
}

function numbersOf(signals: Iterable<string>) {
  const events = new Map<string, number>();
  const used = new Set<number>();
  for (const signal of signals) {
    const parsed = parseSignal(signal);
    if (parsed === undefined) continue;
    if ("callback" in parsed) used.add(parsed.callback);
    else events.set(parsed.event, Math.max(events.get(parsed.event) ?? 0, parsed.index + 1));
  }
  return { events, used };
}

function signalsOf(entries: readonly JournalEntry[]) {
  return entries.flatMap(({ signal }) => (signal === undefined ? [] : (parseSignal(signal) ?? [])));
}

function callbackUrlOf({ callbackUrl, executionId, seed }: GuestContext, callback: number): string {
  return `${callbackUrl}${executionId}.${callback}.${callbackSecret(seed, callback)}`;
}

/** Parses a callback URL, or the token at its end. */
function callbackAt(address: string, context: GuestContext): number {
  const token = address.slice(address.lastIndexOf("/") + 1);
  const callback = Number(/\.(0|[1-9]\d{0,5})\.[0-9a-f]{64}$/.exec(token)?.[1]);
  if (!Number.isNaN(callback) && callbackUrlOf(context, callback).endsWith(`/${token}`)) return callback;
  throw new DuraniumError("callback-not-found", "No callback of this run has this URL");
}

function tooManyEvents(sent: number): DuraniumError {
  const message = `Cannot send another event: the run already has ${sent} (maxEventsPerExecution)`;
  return new DuraniumError("too-many-events", message);
}

function alreadyUsed(): DuraniumError {
  return new DuraniumError("callback-already-used", "The callback is already completed");
}
