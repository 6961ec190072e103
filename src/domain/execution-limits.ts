import type { FieldError } from "./errors.ts";
import {
  maxCallsInFlight,
  maxCallsPerExecution,
  maxExecutionFuel,
  maxFetchRequestBytes,
  maxFetchResponseBytes,
  maxJournalBytes,
  maxLogBytesPerExecution,
  maxLogLineBytes,
  maxMemoryPages,
  maxPayloadBytes,
  maxResultBytes,
  maxStateValueBytes,
  maxTurnFuel,
} from "./limits.ts";

/**
 * What an execution may use. It is journaled when the execution begins, so that what ends it ends every replay of it
 * as well, whatever the operator has configured and the workflow's author has set since.
 */
export interface ExecutionLimits {
  /** Fuel of one turn, and of a workflow's top level at the deploy. */
  readonly turnFuel: number;
  /** Fuel of all turns together. */
  readonly executionFuel: number;
  /** The linear memory, in WebAssembly pages of 64 KiB. */
  readonly memoryPages: number;
  /** Host calls that wait for their answers. */
  readonly callsInFlight: number;
  /** What the workflow returns. */
  readonly resultBytes: number;
  readonly payloadBytes: number;
  /** Host calls in all. */
  readonly calls: number;
  /** The body of one request that it sends. */
  readonly fetchRequestBytes: number;
  /** The body of one response that it receives. */
  readonly fetchResponseBytes: number;
  /** One value of `ctx.state` that it writes, as JSON. */
  readonly stateValueBytes: number;
  /** One console line. What is beyond is cut. */
  readonly logLineBytes: number;
  /** All console lines that are kept. */
  readonly logBytes: number;
  /** The payload, and what its host calls ask and are answered. */
  readonly journalBytes: number;
}

/**
 * What an execution has where nobody said anything else. Those in flight rely on it: a default may be raised by a later
 * release, and never lowered.
 */
export const defaultExecutionLimits: ExecutionLimits = {
  turnFuel: maxTurnFuel,
  executionFuel: maxExecutionFuel,
  memoryPages: maxMemoryPages,
  callsInFlight: maxCallsInFlight,
  resultBytes: maxResultBytes,
  payloadBytes: maxPayloadBytes,
  calls: maxCallsPerExecution,
  fetchRequestBytes: maxFetchRequestBytes,
  fetchResponseBytes: maxFetchResponseBytes,
  stateValueBytes: maxStateValueBytes,
  logLineBytes: maxLogLineBytes,
  logBytes: maxLogBytesPerExecution,
  journalBytes: maxJournalBytes,
};

/** What is set for a workflow, by the names and in the units that people use. */
export type LimitSettings = Partial<Omit<ExecutionLimits, "memoryPages"> & { readonly memoryMib: number }>;

const pagesPerMib = 16;

/**
 * The limits of an execution that begins now: as it was set, else the default, and in any case no more than the
 * operator allows, who may have said so after it was set.
 */
export function limitsWithin(maxima: ExecutionLimits, settings: LimitSettings = {}): ExecutionLimits {
  const wanted = { ...defaultExecutionLimits, ...limitsSet(settings) };
  return mapLimits((name) => Math.min(wanted[name], maxima[name]));
}

/** The settings that are above what the operator allows: the limit, what it was to be, and what it may be. */
export function errorsAbove(maxima: ExecutionLimits, settings: LimitSettings): readonly FieldError[] {
  const allowed: Readonly<Record<string, number>> = {
    ...maxima,
    memoryMib: maxima.memoryPages / pagesPerMib,
  };
  return Object.entries(settings).flatMap(([name, value]) => {
    const most = allowed[name] ?? 0;
    if (value <= most) return [];
    const detail = `The limit ${name} cannot be ${value}: this installation allows ${most} at most`;
    return [{ pointer: `#/limits/${name}`, detail }];
  });
}

/** What is worth a place in the journal: all that differs from the defaults; nothing where nothing does. */
export function journaledLimits(limits: ExecutionLimits): Partial<ExecutionLimits> | undefined {
  const differing = limitNames.filter((name) => limits[name] !== defaultExecutionLimits[name]);
  if (differing.length === 0) return undefined;
  return Object.fromEntries(differing.map((name) => [name, limits[name]]));
}

const limitNames = Object.keys(defaultExecutionLimits) as readonly (keyof ExecutionLimits)[];

function limitsSet({ memoryMib, ...others }: LimitSettings): Partial<ExecutionLimits> {
  return { ...others, ...(memoryMib === undefined ? {} : { memoryPages: memoryMib * pagesPerMib }) };
}

function mapLimits(limitOf: (name: keyof ExecutionLimits) => number): ExecutionLimits {
  const limits = Object.fromEntries(limitNames.map((name) => [name, limitOf(name)]));
  return limits as unknown as ExecutionLimits;
}
