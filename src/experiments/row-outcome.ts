import type { JsonValue } from "../base/json.ts";
import type { Failure } from "../domain/outcome.ts";
import type { PreviewState } from "../preview/contract/preview.ts";
import type { Recording } from "../recordings/recording.ts";
import { createRedactor } from "../recordings/redaction/redactor.ts";
import { callSitesIn } from "../replay/call-sites.ts";
import { differencesOf, isSameJson } from "../replay/json-difference.ts";
import type { JsonDifference } from "../replay/json-difference.ts";
import { isSameFailure } from "../replay/own-version.ts";
import type { ControlRun, ExperimentRow } from "./experiment.ts";

type RowEnd = Pick<
  ExperimentRow,
  "outcome" | "isLater" | "failure" | "differences" | "waitingFor" | "endPlace"
>;

/** @param state undefined if the run did not end in time */
export function rowEnd(control: PreviewState | undefined, state: PreviewState | undefined): RowEnd {
  if (state === undefined || isInterrupted(state)) return { outcome: "unfinished" };
  if (state.status === "waiting") return stuck(state, control);
  if (state.status === "failed" || state.status === "cancelled") return failed(state, control);
  return completed(state.result ?? null, control);
}

/** In an execution, the attempt would end and be retried. */
function isInterrupted({ failure }: PreviewState): boolean {
  return failure?.name === "PreviewError";
}

function completed(result: JsonValue, control: PreviewState | undefined): RowEnd {
  const expected = control?.status === "completed" ? (control.result ?? null) : undefined;
  if (expected === undefined) return { outcome: "otherResult", differences: differencesOf(null, result) };
  if (isSameJson(expected, result)) return { outcome: "same" };
  const differences = differencesOf(expected, result).filter((each) => !isLaterTime(each));
  return differences.length === 0
    ? { outcome: "same", isLater: true }
    : { outcome: "otherResult", differences };
}

/** A run that takes longer returns other times, which is not worth a look. */
function isLaterTime({ before, after }: JsonDifference): boolean {
  return timeIn(before) <= timeIn(after);
}

/** Milliseconds since the Unix epoch, or NaN if the value is no time. */
function timeIn(value: JsonValue | undefined): number {
  if (typeof value === "number") return value > earliestTime ? value : Number.NaN;
  return typeof value === "string" && isoTime.test(value) ? Date.parse(value) : Number.NaN;
}

const earliestTime = Date.UTC(2000);
const isoTime = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

function failed({ status, failure }: PreviewState, control: PreviewState | undefined): RowEnd {
  if (failure === undefined) return { outcome: "unfinished" };
  const isSame = control?.status === status && isSameEnd(control.failure, failure);
  const [endPlace] = callSitesIn(failure.stack ?? "");
  return { outcome: isSame ? "same" : "fails", failure, ...(endPlace === undefined ? {} : { endPlace }) };
}

function isSameEnd(one: Failure | undefined, other: Failure): boolean {
  return one !== undefined && isSameFailure(one, other);
}

function stuck(
  { pendingRequests, steps, waitingFor }: PreviewState,
  control: PreviewState | undefined,
): RowEnd {
  const [asked] = pendingRequests;
  const step = steps.find(({ index, outcome }) =>
    asked === undefined ? outcome === "pending" : index === asked.step,
  );
  const place = step?.place === undefined ? {} : { endPlace: step.place };
  if (asked !== undefined)
    return { outcome: "asksForMore", waitingFor: step === undefined ? [] : [step.name], ...place };
  const isSame = control?.status === "waiting" && isSameJson([...control.waitingFor], [...waitingFor]);
  return { outcome: isSame ? "same" : "waits", waitingFor, ...place };
}

/** Compares the run without a failure with the recorded execution. */
export function controlRun(state: PreviewState | undefined, { outcome, redacted }: Recording): ControlRun {
  if (state === undefined || state.status === "running" || isInterrupted(state)) {
    return { status: "unfinished", isAsRecorded: false };
  }
  const { status, failure } = state;
  const shown = { status, ...(failure === undefined ? {} : { failure }) };
  if (outcome === undefined) return { ...shown, isAsRecorded: status === "waiting" };
  if (outcome.kind !== status) return { ...shown, isAsRecorded: false };
  if (outcome.kind === "completed") {
    const { result = null } = state;
    const comparable = redacted === undefined ? result : createRedactor(redacted).body(result);
    return { ...shown, isAsRecorded: isSameJson(outcome.result, comparable) };
  }
  return { ...shown, isAsRecorded: outcome.kind === "cancelled" || isSameEnd(failure, outcome.failure) };
}
