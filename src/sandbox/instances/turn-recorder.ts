import { DuraniumError, toDuraniumError } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import {
  maxCallArgumentBytes,
  maxFailureBytes,
  maxFetchRequestBytes,
  maxLogLineBytes,
  maxLogLinesPerTurn,
  maxOperationNameBytes,
  maxTurnBytes,
} from "../../domain/limits.ts";
import { logLevels } from "../../domain/log-line.ts";
import type { GuestCall, GuestLog, Turn } from "../../host/guest.ts";
import { bytesAt } from "./guest-memory.ts";

/**
 * What a guest says in one turn, written down.
 *
 * A throw out of a host import would poison the instance, so the imports only record: the first thing
 * that is wrong is kept, the guest is stopped, nothing is recorded after it, and `finish` throws it. Every pointer and length is
 * the guest's own claim and is held against the memory and a limit before a byte is copied. What one turn
 * can make the host keep is bounded, in number and in bytes.
 */
export interface TurnRecorder {
  /** The functions of `duranium:runtime/host`, lowered: a list of bytes is a pointer and a length. */
  readonly imports: Readonly<Record<"call" | "abandon" | "complete" | "fail" | "log", HostImport>>;
  /** Runs something for the guest that may find it at fault: an error is kept as those of the imports are. */
  readonly guard: <T>(act: () => T) => T | undefined;
  /** Ends the turn and begins the next. @throws {DuraniumError} `guest-protocol-violated`, `limit-exceeded` */
  readonly finish: () => Turn;
}

export interface TurnRecorderOptions {
  /** The guest's linear memory as it is now: growing replaces the buffer. */
  readonly memory: () => ArrayBuffer;
  /** Those of the execution that the guest is in. */
  readonly limits: () => ExecutionLimits;
  /** Ends the turn where it is: the rest of it is of no use. Must not throw. */
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

/** Where some bytes are: a pointer and a length. */
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
  // Every call in flight, and every call of this turn.
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
    throw new DuraniumError("guest-protocol-violated", `There is no log level ${level}`);
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
  const text = `The further console lines of this turn were dropped: it may write ${maxLogLinesPerTurn}`;
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

/** Its value under its name. */
type NamedLimit = Readonly<Record<string, number>>;

function assertAtMost(limit: NamedLimit, count: number, what: string): void {
  for (const [name, value] of Object.entries(limit)) {
    if (count <= value) continue;
    const message = `Too many ${what}: ${count}, and the limit is ${value} (${name})`;
    throw new DuraniumError("limit-exceeded", message);
  }
}
