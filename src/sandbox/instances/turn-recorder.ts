import { DuraniumError, toDuraniumError } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import { maxFailureBytes, maxFetchRequestBytes, maxLogLineBytes } from "../../domain/limits.ts";
import { logLevels } from "../../domain/log-line.ts";
import type { GuestCall, GuestLog, Turn } from "../../host/guest.ts";
import {
  maxCallArgumentBytes,
  maxLogLinesPerTurn,
  maxOperationNameBytes,
  maxTurnBytes,
} from "../../host/limits.ts";
import { bytesAt } from "./guest-memory.ts";

/**
 * Records the host calls of a guest in one turn.
 *
 * A throw out of a host import would leave the instance in an undefined state, so the imports only record.
 *
 * Invariants:
 *
 * 1. The first violation is kept, stops the guest, and is thrown by `finish`. Nothing is recorded after it.
 * 2. Pointers and lengths are untrusted: they are checked against the memory and a limit before a byte is
 *    copied.
 * 3. The memory that one turn can make the host retain is bounded, in the number of records and in bytes.
 */
export interface TurnRecorder {
  /** The lowered functions of `duranium:runtime/host`: a list of bytes is a pointer and a length. */
  readonly imports: Readonly<Record<"call" | "abandon" | "complete" | "fail" | "log", HostImport>>;
  /** Runs host code that may find the guest at fault: an error is kept like those of the imports. */
  readonly guard: <T>(act: () => T) => T | undefined;
  /**
   * Ends the turn and starts the next one.
   *
   * @throws {DuraniumError} `guest-protocol-violated`, `limit-exceeded`
   */
  readonly finish: () => Turn;
}

export interface TurnRecorderOptions {
  /** The guest's current linear memory: growing replaces the buffer. */
  readonly memory: () => ArrayBuffer;
  /** The limits of the current execution. */
  readonly limits: () => ExecutionLimits;
  /** Stops the guest, because the rest of the turn is discarded. Must not throw. */
  readonly stop: () => void;
}

export function createTurnRecorder({ memory, limits, stop }: TurnRecorderOptions): TurnRecorder {
  let record = emptyRecord();

  function guard<T>(act: () => T): T | undefined {
    if (record.violation !== undefined) return undefined;
    try {
      return act();
    } catch (error) {
      record.violation = toDuraniumError(error);
      stop();
      return undefined;
    }
  }

  return {
    imports: {
      call: (...values) => guard(() => recordCall(record, memory(), limits(), values)),
      abandon: (id = 0) => guard(() => recordAbandoned(record, limits(), id)),
      complete: (...span) => guard(() => recordResult(record, memory(), limits(), span)),
      fail: (...span) => guard(() => recordFailure(record, memory(), span)),
      log: (level = 0, ...span) => guard(() => recordLine(record, memory(), level, span)),
    },
    guard,
    finish() {
      const finished = record;
      record = emptyRecord();
      if (finished.violation !== undefined) throw finished.violation;
      return finished.turn;
    },
  };
}

type HostImport = (...values: number[]) => void;

/** The location of some bytes: a pointer and a length. */
type Span = readonly number[];

interface TurnRecord {
  readonly turn: {
    readonly calls: GuestCall[];
    readonly abandoned: number[];
    readonly logs: GuestLog[];
    completion?: { readonly ok: boolean; readonly json: Uint8Array };
  };
  takenBytes: number;
  violation?: DuraniumError;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

function emptyRecord(): TurnRecord {
  return { turn: { calls: [], abandoned: [], logs: [] }, takenBytes: 0 };
}

function recordCall(
  record: TurnRecord,
  memory: ArrayBuffer,
  { callsInFlight }: ExecutionLimits,
  values: readonly number[],
): void {
  const take = (at: number, what: string, limit: NamedLimit) =>
    takeBytes(record, memory, values.slice(at, at + 2), what, limit);
  assertAtMost({ callsInFlight }, record.turn.calls.length + 1, "host calls in one turn");
  record.turn.calls.push({
    id: (values[0] ?? 0) >>> 0,
    operation: decoder.decode(take(1, "bytes in the name of an operation", { maxOperationNameBytes })),
    arguments: take(3, "bytes in the arguments of a host call", { maxCallArgumentBytes }),
    body: take(5, "bytes in the body of a host call", { fetchRequestBytes: maxFetchRequestBytes }),
  });
}

function recordAbandoned({ turn }: TurnRecord, { callsInFlight }: ExecutionLimits, id: number): void {
  // Every call in flight and every call of this turn can be abandoned once.
  const most = { "twice callsInFlight": 2 * callsInFlight };
  assertAtMost(most, turn.abandoned.length + 1, "abandoned host calls in one turn");
  turn.abandoned.push(id >>> 0);
}

function recordResult(
  record: TurnRecord,
  memory: ArrayBuffer,
  { resultBytes }: ExecutionLimits,
  span: Span,
): void {
  if (record.turn.completion !== undefined) return;
  const json = takeBytes(record, memory, span, "bytes in the result", { resultBytes });
  record.turn.completion = { ok: true, json };
}

function recordFailure(record: TurnRecord, memory: ArrayBuffer, span: Span): void {
  if (record.turn.completion !== undefined) return;
  const json = takeBytes(record, memory, span, "bytes in the failure", { maxFailureBytes });
  record.turn.completion = { ok: false, json };
}

function recordLine(record: TurnRecord, memory: ArrayBuffer, level: number, span: Span): void {
  const { logs } = record.turn;
  const levelName = logLevels[level];
  if (levelName === undefined) {
    throw new DuraniumError("guest-protocol-violated", `Unknown log level ${level}`);
  }
  if (logs.length > maxLogLinesPerTurn) return;
  if (logs.length === maxLogLinesPerTurn) logs.push(droppedLinesNotice());
  else {
    const line = takeBytes(record, memory, span, "bytes in a console line", {
      logLineBytes: maxLogLineBytes,
    });
    logs.push({ level: levelName, line });
  }
}

function droppedLinesNotice(): GuestLog {
  const text = `Further console lines of this turn were dropped: the limit is ${maxLogLinesPerTurn} lines`;
  return { level: "warn", line: encoder.encode(JSON.stringify([text])) };
}

function takeBytes(
  record: TurnRecord,
  memory: ArrayBuffer,
  [pointer = 0, length = 0]: Span,
  what: string,
  limit: NamedLimit,
): Uint8Array {
  const bytes = bytesAt(memory, pointer, length);
  assertAtMost(limit, bytes.length, what);
  record.takenBytes += bytes.length;
  assertAtMost({ maxTurnBytes }, record.takenBytes, "bytes handed over in one turn");
  return bytes.slice();
}

/** A limit under its name. */
type NamedLimit = Readonly<Record<string, number>>;

function assertAtMost(limit: NamedLimit, count: number, what: string): void {
  for (const [name, value] of Object.entries(limit)) {
    if (count <= value) continue;
    const message = `Too many ${what}: ${count}, and the limit is ${value} (${name})`;
    throw new DuraniumError("limit-exceeded", message);
  }
}
