import { z } from "zod";
import { utf8Length } from "../../base/bytes.ts";
import type { JsonValue } from "../../base/json.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import { maxStateKeyLength } from "../../domain/limits.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Journal, Pending } from "../journal.ts";
import { decodeOutcome, encodeOutcome } from "./journaled-outcome.ts";
import { defineOperation } from "./operation.ts";
import type { DatedOutcome, Operation } from "./operation.ts";

const key = z.string().min(1).max(maxStateKeyLength);
const value = z.custom<JsonValue>((given) => given !== undefined);
const stateArguments = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("get"), key }),
  z.strictObject({ action: z.literal("set"), key, value }),
  z.strictObject({ action: z.literal("delete"), key }),
  z.strictObject({ action: z.literal("keys") }),
  z.strictObject({
    action: z.literal("update"),
    key,
    /** The revision that `get` returned; null if there was no value. */
    revision: z.string().nullable(),
    /** Absent to delete the key. */
    value: value.optional(),
  }),
]);

type StateArguments = z.infer<typeof stateArguments>;

/** The result of every handler of the Virtual Object `WorkflowState`. */
export interface StateAnswer {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly value: JsonValue;
}

/**
 * `ctx.state`. Arguments: `{action, key?, value?, revision?}`. Values: `{value?, revision}` for `get` and for an `update` that
 * lost against another write, `null` for a successful `update`, a sorted list for `keys`.
 */
export const stateOperation: Operation = defineOperation({
  name: "state",
  isEffect: false,
  arguments: stateArguments,
  start: (journal, { arguments: given, now, execution: { workflowId, limits } }) => {
    const { action, ...input } = given;
    const message = faultOf(given, limits);
    if (message !== undefined) return refuse(journal, `${nameOf(given)} (refused)`, { now, message });
    const callee = { object: "WorkflowState", key: workflowId, handler: action } as const;
    return journal.call(nameOf(given), callee, input as JsonValue).map(outcomeOf);
  },
});

function nameOf(given: StateArguments): string {
  return given.action === "keys" ? "state keys" : `state ${given.action} ${printable(given.key)}`;
}

/** Replaces control characters, since the author's keys may contain any character. */
function printable(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\u{fffd}");
}

function faultOf(given: StateArguments, { stateValueBytes }: ExecutionLimits): string | undefined {
  if (!("value" in given) || given.value === undefined) return undefined;
  const bytes = utf8Length(JSON.stringify(given.value));
  if (bytes <= stateValueBytes) return undefined;
  return `The value of ctx.state ${JSON.stringify(given.key)} has ${bytes} bytes, and the limit is ${stateValueBytes} (stateValueBytes)`;
}

function refuse(
  journal: Journal,
  name: string,
  { now, message }: { readonly now: number; readonly message: string },
): Pending<DatedOutcome> {
  const error = { name: "RangeError", message, code: "limit-exceeded" };
  return journal.run(name, async () => encodeOutcome({ ok: false, now, error })).map(decodeOutcome);
}

const answer = z.object({ now: z.number(), value: z.custom<JsonValue>() });

function outcomeOf(outcome: Outcome): DatedOutcome {
  if (!outcome.ok) return outcome;
  return { ok: true, ...answer.parse(outcome.value) };
}
