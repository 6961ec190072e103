import { fromHex } from "../base/bytes.ts";
import { DuraniumError } from "../domain/errors.ts";
import { defaultExecutionLimits } from "../domain/execution-limits.ts";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import type { LogLine } from "../domain/log-line.ts";
import { drive } from "../host/driver/driver.ts";
import type { DriveResult } from "../host/driver/driver.ts";
import { limitLog } from "../host/driver/log-limit.ts";
import type { Guest, GuestContext } from "../host/guest.ts";
import type { Operations } from "../host/operations/operation.ts";
import { createOperations } from "../host/operations/registry.ts";
import type { Recording } from "../recordings/recording.ts";
import { Divergence } from "./journal/divergence.ts";
import type { DivergenceReason } from "./journal/divergence.ts";
import { announcing } from "./journal/made-call.ts";
import type { MatchedCall } from "./journal/made-call.ts";
import type { Matcher } from "./journal/matching.ts";
import { RecordedJournal } from "./journal/recorded-journal.ts";
import { withCallSites } from "./journal/traced-guest.ts";

/** A run of a workflow on a recording. It has no effects: every call receives what was recorded. */
export interface Replay {
  readonly end: ReplayEnd;
  /** The calls that the workflow made, in order. */
  readonly made: readonly MatchedCall[];
  /** What was delivered, in order: the number of a call, or undefined for anything else. A turn follows each. */
  readonly delivered: readonly (number | undefined)[];
  /** For each reading of the clock, the call whose result was delivered before it. */
  readonly clockReads: readonly (number | undefined)[];
  /** With positions in lines of the bundle. */
  readonly logs: readonly ReplayedLine[];
  readonly fuelUsed: number;
}

/** A console line, and the number of results that had been delivered when it was written. */
export interface ReplayedLine extends LogLine {
  readonly turn: number;
}

export type ReplayEnd =
  | DriveResult
  /** The replay left the recording, or reached the end of the recording of an execution in progress. */
  | { readonly kind: "diverged"; readonly reason: DivergenceReason };

export interface ReplayOptions {
  /** An instance with the image to run. The caller disposes it. */
  readonly guest: Guest;
  readonly matcher: Matcher;
  /** True to find out where the workflow makes each call. It uses fuel of the workflow. */
  readonly hasCallSites?: boolean;
}

/**
 * Runs a workflow on a recording.
 *
 * @throws {DuraniumError} retryable errors of the guest: the replay can be repeated
 */
export async function replay(
  recording: Recording,
  { guest: plain, matcher, hasCallSites = false }: ReplayOptions,
): Promise<Replay> {
  const traced = hasCallSites ? withCallSites(plain) : undefined;
  const guest = traced ?? plain;
  const journal = new RecordedJournal(recording, matcher);
  const operations = announcing(replayOperations, {
    nextStack: () => traced?.nextStack() ?? "",
    onCall: (call) => journal.announce(call),
  });
  const limits = limitsOf(recording);
  const logs: ReplayedLine[] = [];
  const driving = drive({
    guest,
    journal,
    operations,
    context: contextOf(recording),
    payload: new TextEncoder().encode(payloadTextOf(recording)),
    limits,
    log: limitLog((line) => void logs.push({ ...line, turn: journal.delivered.length }), limits),
  });
  const end = await endOf(driving, () => journal.finish());
  const { made, delivered, clockReads } = journal;
  return { end, made, delivered, clockReads, logs, fuelUsed: guest.fuelUsed };
}

/** The text that the execution received, unless the payload was replaced after that. */
function payloadTextOf({ payload, payloadText }: Recording): string {
  const text = JSON.stringify(payload);
  return payloadText !== undefined && isJsonTextOf(payloadText, text) ? payloadText : text;
}

function isJsonTextOf(text: string, plain: string): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === plain;
  } catch {
    return false;
  }
}

async function endOf(driving: Promise<DriveResult>, finish: () => void): Promise<ReplayEnd> {
  try {
    const result = await driving;
    finish();
    return result;
  } catch (error) {
    if (error instanceof Divergence) return { kind: "diverged", reason: error.reason };
    throw error;
  }
}

/** The limits of the recorded execution. */
export function limitsOf({ start }: Pick<Recording, "start">): ExecutionLimits {
  return { ...defaultExecutionLimits, ...start.limits };
}

/** The workflow sees the version that was recorded, so that the version alone makes no difference. */
export function contextOf({ workflowId, version, start }: Recording): GuestContext {
  const { executionId, seed, now, callbackUrl, entryPoint, schedule } = start;
  return {
    workflowId,
    version,
    executionId,
    seed: fromHex(seed),
    now,
    callbackUrl,
    ...(entryPoint === undefined ? {} : { entryPoint }),
    ...(schedule === undefined ? {} : { schedule }),
  };
}

/** The operations of an execution. No effect of them ever starts. */
const replayOperations: Operations = createOperations({
  http: { fetch: refuse, [Symbol.asyncDispose]: refuse },
  secrets: { find: refuse },
  egressOf: () => undefined,
  clock: refuse,
});

function refuse(): never {
  throw new DuraniumError("internal", "A replay has no effects");
}
