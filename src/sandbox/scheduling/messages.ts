import type { Digest } from "../../base/digest.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { GuestContext, Settlement, Turn } from "../../host/guest.ts";
import type { Image } from "../instances/engine-state.ts";
import type { SentError } from "../threads/thread-messages.ts";

/** The messages between the pool and its worker threads: one message per turn in each direction. */

export type ToWorker =
  | { readonly kind: "engine"; readonly digest: Digest; readonly module: WebAssembly.Module }
  /** No guest on the thread uses the engine. */
  | { readonly kind: "forget"; readonly digest: Digest }
  | RunMessage
  | SettleMessage
  | CancelMessage
  /** Releases the guest's instance. */
  | { readonly kind: "close"; readonly guest: number };

/** Puts the image into an instance and starts the execution in it. */
export interface RunMessage {
  readonly kind: "run";
  readonly turn: number;
  readonly guest: number;
  readonly engineDigest: Digest;
  /** The execution that the guest belongs to, as turn markers name it. */
  readonly owner: string;
  readonly image: Image;
  readonly limits: ExecutionLimits;
  readonly context: GuestContext;
  readonly payload: Uint8Array;
}

export interface SettleMessage {
  readonly kind: "settle";
  readonly turn: number;
  readonly guest: number;
  readonly settlement: Settlement;
}

export interface CancelMessage {
  readonly kind: "cancel";
  readonly turn: number;
  readonly guest: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** How a turn ended. */
export type FromWorker = TurnEnd & { readonly turn: number };

export type TurnEnd = TurnUse & ({ readonly done: Turn } | { readonly failed: SentError });

export interface TurnUse {
  /** Fuel of all turns of the guest so far. */
  readonly fuelUsed: number;
  /** Processor time of this turn, in milliseconds. */
  readonly computedMs: number;
}

/** The `workerData` of a worker thread. */
export interface WorkerSetup {
  readonly turnClock: SharedArrayBuffer;
  /** Idle instances and instances in use together. */
  readonly maxInstances: number;
  /** The file in which the thread marks the execution whose turn it runs. */
  readonly turnMarkers: string | undefined;
}
