/**
 * Flow control of a workflow as its author writes it: `export const flow = {…}` in the code, or `flow` in the workflow's
 * settings, which override the code member by member. Durations are ISO 8601, such as `PT10S`, or short forms such as `10s`.
 */
export interface FlowSettings {
  readonly concurrency?: ConcurrencySettings;
  readonly rateLimit?: RateLimitSettings;
  readonly debounce?: DebounceSettings;
  readonly singleton?: SingletonSettings;
  readonly batch?: BatchSettings;
  /** Executions with a higher number start first: from -10 to 10, or a number at a key of the payload. */
  readonly priority?: number | { readonly key: string };
  /** The names of limits that several workflows share. */
  readonly limits?: readonly SharedLimitUse[];
}

/**
 * Selects the value that divides executions into groups: a JSON pointer into the payload (RFC 6901), `"entryPoint"`, or
 * several of them. An empty pointer is the whole payload.
 */
export type FlowKey = string | readonly string[];

export interface ConcurrencySettings {
  /** The number of executions of the workflow that run at the same time. */
  readonly total?: number;
  /** The number of executions with the same key that run at the same time. */
  readonly perKey?: number;
  readonly key?: FlowKey;
  /**
   * `run`: an execution holds its slot from its start to its end, also while it sleeps or waits. `active`: it releases the
   * slot while all it does is sleep or wait, and acquires one again before it continues. Defaults to `run`.
   */
  readonly holds?: "run" | "active";
}

export interface RateLimitSettings {
  /** The number of executions that start in `period`, spaced evenly. */
  readonly limit: number;
  readonly period: string;
  /** The number of executions that may start at once. Defaults to 1. */
  readonly burst?: number;
  readonly key?: FlowKey;
  /** `delay` queues the others, `reject` refuses them with status 429. Defaults to `delay`. */
  readonly mode?: "delay" | "reject";
}

/** An execution starts once no further one with its key was started for `period`. The others end as `skipped`. */
export interface DebounceSettings {
  readonly period: string;
  /** The longest delay of the first execution, whatever follows. */
  readonly max?: string;
  readonly key?: FlowKey;
}

/** At most one execution with the same key exists. */
export interface SingletonSettings {
  readonly key?: FlowKey;
  /** `skip` ends the new execution as `skipped`, `cancel-running` cancels the one that runs. Defaults to `skip`. */
  readonly mode?: "skip" | "cancel-running";
}

/** One execution receives the payloads of up to `size` executions that were started within `period`, as an array. */
export interface BatchSettings {
  readonly size: number;
  readonly period: string;
  readonly key?: FlowKey;
}

export type SharedLimitUse = string | { readonly name: string; readonly key?: FlowKey };

/** A limit that several workflows share, as an operator sets it. */
export interface SharedLimit {
  readonly total?: number;
  /** Without a key in the flow control of the workflow: for each workflow. */
  readonly perKey?: number;
  readonly rateLimit?: Omit<RateLimitSettings, "key" | "mode">;
}

/** Merges the settings of a workflow into the flow control of its code: each member that is set replaces that of the code. */
export function mergeFlow(
  code: FlowSettings | undefined,
  settings: FlowSettings | undefined,
): FlowSettings | undefined {
  if (settings === undefined) return code;
  return code === undefined ? settings : { ...code, ...settings };
}
