import { fromBase64 } from "../../base/bytes.ts";
import type { JsonValue } from "../../base/json.ts";
import type { Step } from "../../api/contract/execution.ts";
import type { StepAnswer } from "../../api/contract/fork.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { encodeBody } from "../../journal/journaled-body.ts";
import { signalAwaited } from "../../journal/signals.ts";

/**
 * Encodes an answer that replaces the result of a step, in the form of the journal (`ReadReusedResult`).
 *
 * @param now the time of the answer, in milliseconds since the Unix epoch
 * @throws {DuraniumError} `invalid-request` if a step of this operation cannot have such an answer
 */
export function encodeAnswer(step: Step, answer: StepAnswer, now: number): JsonValue {
  if ("error" in answer) return encodeError(step, answer.error, now);
  if ("status" in answer) return encodeResponse(step, answer, now);
  switch (step.operation) {
    case "call":
      return { ok: true, value: answer.result };
    case "wait":
      if (signalAwaited(step.name) !== undefined) return { ok: true, now, value: answer.result };
      break;
    case "sleep":
    case "timer":
      if (answer.result === null) return null;
      break;
    default:
      break;
  }
  throw unsuitable(step, "a `result`");
}

type AnswerOf<Member extends string> = Extract<StepAnswer, Readonly<Record<Member, unknown>>>;

function encodeResponse(
  step: Step,
  { status, headers = [], body, base64 }: AnswerOf<"status">,
  now: number,
): JsonValue {
  if (step.operation !== "fetch") throw unsuitable(step, "a response");
  const head = {
    status,
    statusText: "",
    url: step.request?.url ?? "",
    redirected: false,
    headers: headers.map(([name, value]) => [name.toLowerCase(), value]),
  };
  const bytes = base64 === undefined ? new TextEncoder().encode(body ?? "") : fromBase64(base64);
  return { ok: true, now, value: head, ...encodeBody(bytes) };
}

function encodeError(step: Step, error: AnswerOf<"error">["error"], now: number): JsonValue {
  if (step.operation === "call") return { ok: false, error: { ...error } };
  if (step.operation === "fetch") return { ok: false, now, error: { ...error } };
  throw unsuitable(step, "an `error`");
}

function unsuitable({ index, name, operation }: Step, what: string): DuraniumError {
  return new DuraniumError(
    "invalid-request",
    `Cannot answer step ${index} ("${name}") with ${what}: ${possible.get(operation) ?? `a step of \`${operation}\` cannot be answered`}`,
  );
}

const possible: ReadonlyMap<string, string> = new Map([
  ["fetch", "answer a fetch with `status`, `headers` and `body`, or with an `error`"],
  ["call", "answer a call with a `result` or an `error`"],
  ["wait", "answer an event or a callback with a `result`"],
  ["sleep", "answer a sleep with the `result` null"],
  ["timer", "answer a timer with the `result` null"],
]);
