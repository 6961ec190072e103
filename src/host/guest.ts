import type { LogLevel } from "../domain/log-line.ts";

/**
 * The guest as its driver sees it. `sandbox/` implements this; everything in a `Turn` comes out of
 * untrusted code and has been checked for nothing but its size.
 */

/** What the guest's `ctx` is made of: the `ctx` record of `wit/runtime.wit`. */
export interface GuestContext {
  readonly workflowId: string;
  readonly version: number;
  readonly executionId: string;
  readonly entryPoint?: string;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** What the URLs of callbacks begin with. */
  readonly callbackUrl: string;
}

/** One `host.call`. */
export interface GuestCall {
  readonly id: number;
  readonly operation: string;
  /** JSON, unparsed. */
  readonly arguments: Uint8Array;
  readonly body: Uint8Array;
}

/** One `host.log`: a JSON array of the arguments, unparsed. */
export interface GuestLog {
  readonly level: LogLevel;
  readonly line: Uint8Array;
}

/** What the guest did in one turn, in the order in which it did it. */
export interface Turn {
  readonly calls: readonly GuestCall[];
  /** Ids of calls whose answers are no longer wanted. */
  readonly abandoned: readonly number[];
  readonly logs: readonly GuestLog[];
  /** The first `host.complete` (`ok`) or `host.fail` of this turn. JSON, unparsed. */
  readonly completion?: { readonly ok: boolean; readonly json: Uint8Array };
}

/** The answer to one call: `settle` of `wit/runtime.wit`. */
export interface Settlement {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** JSON: `{ok: true, value}` or `{ok: false, error}`. */
  readonly outcome: Uint8Array;
  readonly body: Uint8Array;
}

/**
 * One instance with one workflow's image in it. Its methods reject with a `DuraniumError` when the guest
 * trapped (`sandbox-crashed`, `out-of-memory`, `out-of-fuel`), hung (`turn-timeout`) or was lost (`worker-lost`);
 * after that it must not be entered again. Disposing it gives it back, whatever state it is in.
 */
export interface Guest extends Disposable {
  /** What it has computed so far, in fuel: the same on every machine and on every replay. */
  readonly fuelUsed: number;
  run(context: GuestContext, payload: Uint8Array): Promise<Turn>;
  settle(settlement: Settlement): Promise<Turn>;
  /** All calls that wait have been taken back, and reject in the guest. `now`: milliseconds since the Unix epoch. */
  cancel(now: number): Promise<Turn>;
}
