import type { Failure } from "../domain/outcome.ts";
import { signalAwaited } from "../journal/signals.ts";
import type { CallSite, RecordedCall, Recording } from "../recordings/recording.ts";
import { createRedactor } from "../recordings/redaction/redactor.ts";
import { callSitesIn, callSitesOf } from "./call-sites.ts";
import type { DivergenceReason } from "./journal/divergence.ts";
import { differencesOf, isSameJson } from "./json-difference.ts";
import type { MatchedCall } from "./journal/made-call.ts";
import { byRequest } from "./journal/matching.ts";
import { isSameFailure, replayOwnVersion } from "./own-version.ts";
import type { ReplayedCall, ReplayItem } from "./replay-item.ts";
import { limitsOf, replay } from "./replay.ts";
import type { Replay } from "./replay.ts";
import type { ReplayedVersion } from "./replayed-version.ts";

/** What a candidate did on a recording. */
export interface CandidateRun {
  readonly run: Replay;
  /** The recorded calls that the candidate did not make. */
  readonly unmatched: readonly number[];
}

export async function replayCandidate(
  recording: Recording,
  candidate: ReplayedVersion,
  { hasCallSites = false } = {},
): Promise<CandidateRun> {
  using guest = await candidate.open(limitsOf(recording));
  const matcher = byRequest(recording);
  const run = await replay(recording, { guest, matcher, hasCallSites });
  return { run, unmatched: matcher.unmatched() };
}

interface Judged {
  readonly recording: Recording;
  readonly own?: ReplayedVersion | undefined;
  readonly candidate: ReplayedVersion;
}

type Verdict = Omit<ReplayItem, "executionId" | "fuel">;

/** Compares what a candidate did with the recording. A place is found by running it again with call sites. */
export async function verdictOn(judged: Judged, { run, unmatched }: CandidateRun): Promise<Verdict> {
  const { recording, candidate } = judged;
  const { outcome: recorded } = recording;
  const { end } = run;
  const missing = unmatched.find((number) => mustBeMade(recording, number));
  if (end.kind === "diverged") return await verdictOnDivergence(judged, run, { reason: end.reason, missing });
  if (end.kind === "failed") {
    const failure = candidate.mapper.failure({ code: end.code, ...end.failure });
    if (recorded?.kind !== "failed" || !isSameFailure(recorded.failure, failure)) return thrown(failure, run);
  }
  if (missing !== undefined) return await endsEarlier(judged, missing);
  return verdictOnEnd(recording, end);
}

function verdictOnEnd({ outcome: recorded, redacted }: Recording, end: Replay["end"]): Verdict {
  if (end.kind !== "completed") return { outcome: end.kind === recorded?.kind ? "same" : "otherResult" };
  const value = redacted === undefined ? end.value : createRedactor(redacted).body(end.value);
  if (recorded?.kind !== "completed") {
    const fixed = recorded?.kind === "failed" ? { fixed: true as const } : {};
    return { outcome: "otherResult", differences: differencesOf(null, value), ...fixed };
  }
  if (isSameJson(recorded.result, value)) return { outcome: "same" };
  return { outcome: "otherResult", differences: differencesOf(recorded.result, value) };
}

function thrown(failure: Failure, { made }: Replay): Verdict {
  const [place] = callSitesIn(failure.stack ?? "");
  return { outcome: "throws", step: made.length, failure, ...(place === undefined ? {} : { place }) };
}

async function endsEarlier(judged: Judged, missing: number): Promise<Verdict> {
  const expected = judged.recording.calls[missing];
  if (expected === undefined) return { outcome: "same" };
  const place = expected.stack?.[0] ?? (await recordedPlace(judged, missing));
  return {
    outcome: "endsEarlier",
    step: missing,
    expected: recordedView(expected),
    ...(place === undefined ? {} : { place }),
  };
}

async function recordedPlace({ recording, own }: Judged, number: number): Promise<CallSite | undefined> {
  if (own === undefined) return undefined;
  const traced = await replayOwnVersion(recording, own, { hasCallSites: true });
  return traced.recording.calls[number]?.stack?.[0];
}

async function verdictOnDivergence(
  judged: Judged,
  { made }: Replay,
  { reason, missing }: { readonly reason: DivergenceReason; readonly missing: number | undefined },
): Promise<Verdict> {
  const { recording } = judged;
  if (reason.kind === "not-comparable") return { outcome: "notComparable", reason: reason.reason };
  if (reason.kind === "exhausted" && recording.outcome === undefined) return { outcome: "same" };
  const actual = reason.kind === "exhausted" ? reason.waiting[0] : reason.actual;
  if (actual === undefined) {
    return { outcome: "notComparable", reason: "The version waits for something that did not happen" };
  }
  const place = await tracedPlace(judged);
  const found = { actual: madeView(actual), ...(place === undefined ? {} : { place }) };
  if (reason.kind === "different") {
    const expected = recording.calls[reason.expected];
    return {
      outcome: "different",
      step: reason.expected,
      ...(expected === undefined ? {} : { expected: recordedView(expected) }),
      ...found,
    };
  }
  const isFixed = recording.outcome?.kind === "failed" && missing === undefined;
  return {
    outcome: "asksForMore",
    step: made.indexOf(actual),
    ...found,
    ...(isFixed ? { fixed: true as const } : {}),
  };
}

async function tracedPlace({ recording, candidate }: Judged): Promise<CallSite | undefined> {
  const { run } = await replayCandidate(recording, candidate, { hasCallSites: true });
  if (run.end.kind !== "diverged" || run.end.reason.kind === "not-comparable") return undefined;
  const { reason } = run.end;
  const { stack = "" } = (reason.kind === "exhausted" ? reason.waiting[0] : reason.actual) ?? {};
  return callSitesOf(stack, candidate.mapper)[0];
}

/**
 * True if a version that does not make this call behaves differently: the call had an effect, or the execution waited for its
 * result. Timers that the workflow cleared, and waits that it abandoned, do not count.
 */
function mustBeMade({ calls, signals }: Recording, number: number): boolean {
  const { operation = "", name = "", result } = calls[number] ?? {};
  if (operation === "timer") return false;
  const signal = signalAwaited(name);
  if (signal !== undefined) return signals.some((each) => each.name === signal);
  return result !== undefined || operation !== "sleep";
}

function madeView({ call: { name, operation, arguments: given, body } }: MatchedCall): ReplayedCall {
  return { name, operation, arguments: given, ...(body === undefined ? {} : { body }) };
}

function recordedView({ name, operation, arguments: given, body }: RecordedCall): ReplayedCall {
  return {
    name,
    operation,
    ...(given === undefined ? {} : { arguments: given }),
    ...(body === undefined ? {} : { body }),
  };
}
