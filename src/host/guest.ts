import type { ScheduledRun } from "../domain/automation/schedule.ts";
import type { LogLevel } from "../domain/log-line.ts";

/**
 * The port through which the driver runs a guest. `sandbox/` implements it. Everything in a `Turn` comes from untrusted
 * code, and only its size has been validated.
 */

/** The values of the guest's `ctx`: the record `ctx` of `wit/runtime.wit`. */
export interface GuestContext {
  readonly workflowId: string;
  readonly version: number;
  readonly executionId: string;
  readonly entryPoint?: string;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** The prefix of the URLs of callbacks. */
  readonly callbackUrl: string;
  /** Set if a schedule started the execution. */
  readonly schedule?: ScheduledRun;
  /**
   * Set by replays and never by executions: the arguments of each call are followed by a line break and the frames of the call,
   * as in stacks of errors. That takes fuel.
   */
  readonly callSites?: true;
}

/** One `host.call`. */
export interface GuestCall {
  readonly id: number;
  readonly operation: string;
  /** JSON, unparsed. In a run with `callSites`, followed by a line break and frames. */
  readonly arguments: Uint8Array;
  readonly body: Uint8Array;
}

/** One `host.log`: a JSON array of the arguments, unparsed. */
export interface GuestLog {
  readonly level: LogLevel;
  readonly line: Uint8Array;
}

/** What the guest did in one turn, each list in order. */
export interface Turn {
  readonly calls: readonly GuestCall[];
  /** The ids of calls whose settlements the guest no longer needs. */
  readonly abandoned: readonly number[];
  readonly logs: readonly GuestLog[];
  /** The first `host.complete` (`ok`) or `host.fail` of this turn. JSON, unparsed. */
  readonly completion?: { readonly ok: boolean; readonly json: Uint8Array };
}

/** The settlement of one call: `settle` of `wit/runtime.wit`. */
export interface Settlement {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** JSON: `{ok: true, value}` or `{ok: false, error}`. */
  readonly outcome: Uint8Array;
  readonly body: Uint8Array;
}

/**
 * One instance with the image of one workflow. Its methods reject with a `DuraniumError` if the guest traps (`sandbox-crashed`,
 * `out-of-memory`, `out-of-fuel`), hangs (`turn-timeout`) or is lost (`worker-lost`). After a rejection it must not be
 * entered again. Disposing it releases the instance, in any state.
 */
export interface Guest extends Disposable {
  /** The fuel consumed so far: the same on every machine and in every replay. */
  readonly fuelUsed: number;
  run(context: GuestContext, payload: Uint8Array): Promise<Turn>;
  settle(settlement: Settlement): Promise<Turn>;
  /**
   * Rejects all pending calls in the guest, which the driver has withdrawn.
   *
   * @param now milliseconds since the Unix epoch
   */
  cancel(now: number): Promise<Turn>;
}
