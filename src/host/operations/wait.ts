import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import { parseEventName } from "../../domain/ids.ts";
import { eventSignal, callbackSignal } from "../../journal/signals.ts";
import { defineOperation } from "./operation.ts";
import type { DatedOutcome, Operation } from "./operation.ts";

const index = z.int().nonnegative();
const waitArguments = z.union([
  z.strictObject({ event: z.string().refine(isEventName), index }),
  z.strictObject({ callback: index }),
]);

/**
 * `ctx.waitForEvent` and the promise of `ctx.createCallback`. Arguments: `{event, index}` for event number `index` of this
 * name, or `{callback}` for the callback with this number. Value: the input that the API received.
 */
export const waitOperation: Operation = defineOperation({
  name: "wait",
  isEffect: false,
  arguments: waitArguments,
  start: (journal, { arguments: awaited }) =>
    journal.signal(nameOf(awaited), signalOf(awaited)).map(outcomeOf),
});

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
