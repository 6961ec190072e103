import type { JsonValue } from "../../base/json.ts";
import type { RecordedCall } from "../../recordings/recording.ts";
import type { NamedCall } from "../../replay/journal/made-call.ts";
import { groupedBy, indexRequests } from "../../replay/journal/request-index.ts";
import { nameKey } from "../../replay/journal/request-key.ts";
import type { ChangedAnswer, ProcessCrash, RecordedRun } from "../contract/recorded-run.ts";
import type { Delivery, Timeline } from "./timeline.ts";

/** Assigns the calls of a run to the recorded calls whose answers they get. */
export interface RecordedAnswers {
  /** Returns undefined if nothing in the recording answers the call. */
  take(call: NamedCall): TakenAnswer | undefined;
}

/** What answers a call. */
export interface TakenAnswer extends Delivery {
  /** The number of the recorded call. */
  readonly number: number;
  /** How the call matches it. Any other match than `same` is an assumption about the other side. */
  readonly match: AnswerMatch;
  /** The result as the journal has it. Absent if the answer is changed, or the recording has none. */
  readonly value?: JsonValue;
  readonly change?: ChangedAnswer;
  /** True if the recorded call was never answered, and this one will not be either. */
  readonly isUnanswered?: boolean;
  readonly crash?: ProcessCrash;
}

/** `repeated`: the same request was recorded, but not as often. `similar`: another body, query or headers. */
export type AnswerMatch = "same" | "repeated" | "similar";

/** @param isMocked true for a call that a mock response answers */
export function createRecordedAnswers(
  { recording, changes = [], isUnattended = false }: RecordedRun,
  timeline: Timeline,
  isMocked: (call: NamedCall) => boolean,
): RecordedAnswers {
  const { calls } = recording;
  const open = new Set(calls.keys());
  const askingForTheSame = indexRequests(recording);
  const byName = groupedBy(calls, nameKey);
  const answers = new Map(changes.flatMap((each) => ("answer" in each ? [[each.call, each.answer]] : [])));
  const crashes = new Map(changes.flatMap((each) => ("crashAt" in each ? [[each.crashAt, each]] : [])));

  /** Takes an answer once, unless a temporary failure precedes it. */
  function take(number: number): TakenAnswer {
    const change = answers.get(number);
    answers.delete(number);
    if (change === undefined || !isTemporary(change)) open.delete(number);
    const { value, ...answer } = answerOf(number, "same");
    const given = change !== undefined ? { change } : value !== undefined ? { value } : unanswered(number);
    return { ...answer, ...given, ...crashOf(number) };
  }

  /** Waits are answered by signals, and timers by the clock. */
  function unanswered(number: number): { readonly isUnanswered?: boolean } {
    const isAsked = assumed.has(calls[number]?.operation ?? "") && calls[number]?.result === undefined;
    return isUnattended && isAsked ? { isUnanswered: true } : {};
  }

  function crashOf(number: number): { readonly crash?: ProcessCrash } {
    const crash = crashes.get(number);
    crashes.delete(number);
    return crash === undefined ? {} : { crash };
  }

  function answerOf(number: number, match: AnswerMatch): TakenAnswer {
    const result = calls[number]?.result;
    const delivery = timeline.calls.get(number) ?? { afterMs: 0, rank: Infinity };
    return { number, match, ...delivery, ...(result !== undefined && "value" in result ? result : {}) };
  }

  /** An answer for a call that the recorded execution did not make. */
  function assume(call: NamedCall, found: readonly number[]): TakenAnswer | undefined {
    if (!isUnattended || !assumed.has(call.operation) || isMocked(call)) return undefined;
    const repeated = found.findLast((number) => isAnswered(calls[number]));
    if (repeated !== undefined) return answerOf(repeated, "repeated");
    const similar = (byName.get(nameKey(call)) ?? []).filter((number) => isAnswered(calls[number]));
    const number = similar.find((each) => open.has(each)) ?? similar.at(-1);
    if (number === undefined) return undefined;
    open.delete(number);
    return answerOf(number, "similar");
  }

  return {
    take(call) {
      const [found = []] = askingForTheSame(call);
      const number = found.find((each) => open.has(each));
      return number === undefined ? assume(call, found) : take(number);
    },
  };
}

/** Operations that ask another side. */
const assumed: ReadonlySet<string> = new Set(["fetch", "call", "hmac"]);

function isAnswered(call: RecordedCall | undefined): boolean {
  return call?.result !== undefined && "value" in call.result;
}

function isTemporary(answer: ChangedAnswer): boolean {
  if ("response" in answer) return (answer.response.status ?? 200) >= 500;
  return !("result" in answer);
}
