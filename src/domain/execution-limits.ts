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
 * The limits of an execution. They are journaled when the execution starts, so that a limit that ends the execution ends every
 * replay of it, even if the operator or the author has changed the limit since.
 */
export interface ExecutionLimits {
  /** Fuel of one turn, and of a workflow's top level at the deploy. */
  readonly turnFuel: number;
  /** Fuel of all turns together. */
  readonly executionFuel: number;
  /** The linear memory, in WebAssembly pages of 64 KiB. */
  readonly memoryPages: number;
  /** Host calls that are pending at the same time. */
  readonly callsInFlight: number;
  /** The result of the workflow. */
  readonly resultBytes: number;
  readonly payloadBytes: number;
  /** Host calls in total. */
  readonly calls: number;
  /** The body of one request that it sends. */
  readonly fetchRequestBytes: number;
  /** The body of one response that it receives. */
  readonly fetchResponseBytes: number;
  /** One value of `ctx.state` that it writes, as JSON. */
  readonly stateValueBytes: number;
  /** One console line. Longer lines are truncated. */
  readonly logLineBytes: number;
  /** All stored console lines. */
  readonly logBytes: number;
  /** The payload, and the arguments and results of the host calls. */
  readonly journalBytes: number;
}

/**
 * The limits of an execution without settings. Only differences from them are journaled, so a later release may raise a
 * default and must never lower one: executions in flight would fail.
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

/** The limits that are set for a workflow, with the names and units of the API. */
export type LimitSettings = Partial<Omit<ExecutionLimits, "memoryPages"> & { readonly memoryMib: number }>;

const pagesPerMib = 16;

/**
 * The limits of an execution that starts now: the settings or the defaults, and never more than the operator's maxima, which
 * may be lower than an older setting.
 */
export function limitsWithin(maxima: ExecutionLimits, settings: LimitSettings = {}): ExecutionLimits {
  const wanted = { ...defaultExecutionLimits, ...limitsSet(settings) };
  return mapLimits((name) => Math.min(wanted[name], maxima[name]));
}

/** Returns an error for each setting above the operator's maximum. */
export function errorsAbove(maxima: ExecutionLimits, settings: LimitSettings): readonly FieldError[] {
  const allowed: Readonly<Record<string, number>> = {
    ...maxima,
    memoryMib: maxima.memoryPages / pagesPerMib,
  };
  return Object.entries(settings).flatMap(([name, value]) => {
    const maximum = allowed[name] ?? 0;
    if (value <= maximum) return [];
    const detail = `Limit ${name} cannot be ${value}: the maximum of this installation is ${maximum}`;
    return [{ pointer: `#/limits/${name}`, detail }];
  });
}

/** Returns the limits to journal: those that differ from the defaults, or undefined if none does. */
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
