import type { JsonValue } from "../base/json.ts";
import type { Failure } from "../domain/outcome.ts";
import type { Arrival, RecordedCall, Recording } from "../recordings/recording.ts";
import { callSitesOf } from "./call-sites.ts";
import { isSameJson } from "./json-difference.ts";
import { inOrder } from "./journal/matching.ts";
import { limitsOf, replay } from "./replay.ts";
import type { Replay, ReplayEnd } from "./replay.ts";
import type { ReplayedVersion, SourceMapper } from "./replayed-version.ts";

/** A replay on the version that was recorded. */
export interface OwnReplay {
  readonly replay: Replay;
  readonly requests: RecordedRequests;
  /** The recording with the arguments and bodies of its calls, and their places if they were traced. */
  readonly recording: Recording;
  /**
   * Why the replay is not the recorded execution: its calls or its end differ. The recording cannot be compared with other
   * versions then.
   */
  readonly contradiction?: string;
  /** False if the recorded version behaves differently. True also if that cannot be compared. */
  readonly isDeterministic: boolean;
}

/** @throws {DuraniumError} retryable errors of the sandbox */
export async function replayOwnVersion(
  recording: Recording,
  version: ReplayedVersion,
  { hasCallSites = false }: { readonly hasCallSites?: boolean } = {},
): Promise<OwnReplay> {
  using guest = await version.open(limitsOf(recording));
  const own = await replay(recording, { guest, matcher: inOrder(recording), hasCallSites });
  const contradiction = contradictionOf(recording, own, version.mapper);
  const requests = requestsOf(own, version.mapper);
  return {
    replay: own,
    requests,
    recording: contradiction === undefined ? withRequests(recording, requests) : recording,
    ...(contradiction === undefined ? {} : { contradiction }),
    isDeterministic: contradiction === undefined || !differs(recording, own.end),
  };
}

/** A replay that waits for more may be of an execution that was ended from outside, unless it completed. */
function differs({ outcome }: Recording, end: ReplayEnd): boolean {
  if (end.kind !== "diverged") return true;
  if (end.reason.kind === "not-comparable") return end.reason.isDeterministic === false;
  return outcome?.kind === "completed";
}

/**
 * Compares what a replay on the recorded version leaves beside its calls and its end: the console lines and the fuel. Lines that
 * are no longer stored are not compared.
 *
 * @returns what differs
 */
export function differingTraces(
  { logs, fuelUsed }: Recording,
  own: Replay,
  mapper: SourceMapper,
): readonly ("logs" | "fuel")[] {
  const lines = own.logs.map(({ number, level, line }) => ({ number, level, line }));
  const mapped = JSON.parse(mapper.json(JSON.stringify(lines))) as JsonValue;
  const recorded = logs.map(({ number, level, line }) => ({ number, level, line }));
  const hasLines = logs.length > 0 && !isSameJson(mapped, recorded);
  const hasFuel = fuelUsed !== undefined && fuelUsed !== own.fuelUsed;
  return [...(hasLines ? (["logs"] as const) : []), ...(hasFuel ? (["fuel"] as const) : [])];
}

function contradictionOf(
  recording: Recording,
  { end, made }: Replay,
  mapper: SourceMapper,
): string | undefined {
  const { calls, outcome } = recording;
  if (end.kind === "diverged") {
    if (end.reason.kind === "not-comparable") return end.reason.reason;
    if (outcome === undefined) return undefined;
    return "The execution ended from outside, while it was waiting";
  }
  if (made.length < calls.length) {
    const missing = calls[made.length]?.name ?? "";
    return `On the recorded version, call ${made.length} ("${missing}") is not made: the replay is not deterministic`;
  }
  return isSameEnd(outcome, end, mapper)
    ? undefined
    : "On the recorded version, the execution ends in another way: the replay is not deterministic";
}

function isSameEnd(recorded: Recording["outcome"], end: ReplayEnd, mapper: SourceMapper): boolean {
  if (recorded === undefined || recorded.kind !== end.kind) return false;
  if (recorded.kind === "completed" && end.kind === "completed")
    return isSameJson(recorded.result, end.value);
  if (recorded.kind === "failed" && end.kind === "failed") {
    return isSameFailure(recorded.failure, mapper.failure({ code: end.code, ...end.failure }));
  }
  return true;
}

export function isSameFailure(one: Failure, other: Failure): boolean {
  return one.name === other.name && one.message === other.message;
}

/** What the calls of an execution asked for, and what was delivered when, which its journal does not contain. */
export interface RecordedRequests {
  /** Of each call, in order. */
  readonly calls: readonly Pick<RecordedCall, "arguments" | "body" | "stack" | "turn">[];
  /** For each reading of the clock, the call whose result was delivered before it. */
  readonly clocks: readonly (number | null)[];
  /** The calls whose results were delivered, in order; null for anything else. */
  readonly deliveries: readonly (number | null)[];
  /** The turn in which each console line was written, by its number. */
  readonly lineTurns: readonly number[];
}

function requestsOf({ made, clockReads, delivered, logs }: Replay, mapper: SourceMapper): RecordedRequests {
  return {
    calls: made.map(({ call, stack, turn }) => {
      const sites = callSitesOf(stack, mapper);
      return {
        arguments: call.arguments,
        ...(call.body === undefined ? {} : { body: call.body }),
        turn,
        ...(sites.length === 0 ? {} : { stack: sites }),
      };
    }),
    clocks: clockReads.map((call) => call ?? null),
    deliveries: delivered.map((call) => call ?? null),
    lineTurns: logs.map(({ turn }) => turn),
  };
}

export function withRequests(
  recording: Recording,
  { calls, clocks, deliveries, lineTurns }: RecordedRequests,
): Recording {
  return {
    ...recording,
    calls: recording.calls.map((recorded, number): RecordedCall => ({ ...recorded, ...calls[number] })),
    arrivals: withDeliveries(recording.arrivals, clocks),
    deliveries: [...deliveries],
    logs: recording.logs.map((line) => {
      const turn = lineTurns[line.number];
      return turn === undefined ? line : { ...line, turn };
    }),
  };
}

/** Says of each reading of the clock which call it was for. */
function withDeliveries(arrivals: readonly Arrival[], reads: readonly (number | null)[]): Arrival[] {
  let place = 0;
  return arrivals.map((arrival) => {
    if (!("clock" in arrival)) return arrival;
    const after = reads[place];
    place += 1;
    return after === undefined || after === null ? arrival : { ...arrival, after };
  });
}
