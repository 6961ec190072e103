import type { JsonValue } from "../../base/json.ts";
import { fetchTimeoutMs } from "../../domain/limits.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Callee } from "../../host/journal.ts";
import { FetchError } from "../../host/network/fetch-error.ts";
import type { HttpRequest, HttpResponse } from "../../host/network/http-client.ts";
import { readOutcome } from "../../replay/journal/recorded-result.ts";
import type { VirtualClock } from "../clock/virtual-clock.ts";
import { respond } from "./mock-responses.ts";
import type { RecordedResponses } from "./mocking-client.ts";
import type { TakenAnswer } from "./recorded-answers.ts";

/** A result with the time at which it arrives in this run. */
export function datedResult(value: JsonValue, now: number): JsonValue {
  return isDated(value) ? { ...value, now } : value;
}

function isDated(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && "now" in value;
}

/**
 * The recorded or changed outcome of a call of a handler. Returns undefined if there is none.
 *
 * @throws {z.ZodError} if the recording is malformed
 */
export function recordedOutcome(
  { value, change }: TakenAnswer,
  { object }: Callee,
): ((now: number) => Outcome) | undefined {
  if (change !== undefined) {
    if ("error" in change) return () => ({ ok: false, error: change.error });
    return "result" in change ? () => ({ ok: true, value: change.result }) : undefined;
  }
  if (value === undefined) return undefined;
  const outcome = readOutcome(value);
  if (!outcome.ok || object === "Workflow") return () => outcome;
  return (now) => ({ ok: true, value: datedResult(outcome.value, now) });
}

/** @param options.answerOf returns the answer and the arguments of a step */
export function createRecordedResponses({
  clock,
  answerOf,
  lastAt,
}: {
  readonly clock: VirtualClock;
  readonly answerOf: (step: number) => StepAnswer | undefined;
  /** The time of the last delivery in the recording, in milliseconds since the Unix epoch. */
  readonly lastAt: number;
}): RecordedResponses {
  return {
    async respond(step, request, signal) {
      const found = answerOf(step);
      if (found?.answer.change === undefined) return undefined;
      return await changedResponse(found, { clock, request, signal });
    },
    async beforeAsking(step, signal) {
      const waitMs = lastAt - clock.now();
      if (answerOf(step) !== undefined && waitMs > 0) await clock.wait(waitMs, signal);
    },
  };
}

export interface StepAnswer {
  readonly answer: TakenAnswer;
  readonly arguments: JsonValue;
}

/** @throws {FetchError} */
async function changedResponse(
  { answer: { change, afterMs }, arguments: given }: StepAnswer,
  {
    clock,
    request,
    signal,
  }: { readonly clock: VirtualClock; readonly request: HttpRequest; readonly signal: AbortSignal },
): Promise<HttpResponse | undefined> {
  if (change === undefined) return undefined;
  if ("failure" in change && change.failure === "timeout") {
    const { timeout } = given as { readonly timeout?: number };
    await clock.wait(timeout ?? fetchTimeoutMs, signal);
    throw timedOut(timeout);
  }
  await clock.wait(afterMs, signal);
  if ("failure" in change) throw FetchError.of(connectionReset());
  if ("response" in change) return respond(request, change.response);
  if ("error" in change) throw new FetchError("fetch-failed", change.error.message);
  return respond(request, { body: JSON.stringify(change.result) });
}

function timedOut(timeout: number | undefined): FetchError {
  const limit = timeout === undefined ? `${fetchTimeoutMs} ms (fetchTimeoutMs)` : `${timeout} ms (timeout)`;
  return new FetchError("fetch-timeout", `no complete response in ${limit}`);
}

/** The connection breaks after the request was sent, so its effect may have happened. */
function connectionReset(): Error {
  return Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
}
