import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Digest } from "../../domain/ids.ts";
import type { GuestContext, Settlement, Turn } from "../../host/guest.ts";
import type { Image } from "../instances/engine-state.ts";
import type { SentError } from "../threads/thread-messages.ts";

/** What the pool and its worker threads tell each other: one message a turn, each way. */

export type ToWorker =
  | { readonly kind: "engine"; readonly digest: Digest; readonly module: WebAssembly.Module }
  | RunMessage
  | SettleMessage
  | CancelMessage
  /** The guest needs its instance no longer. */
  | { readonly kind: "close"; readonly guest: number };

/** Puts the image into an instance, and begins the execution in it. */
export interface RunMessage {
  readonly kind: "run";
  readonly turn: number;
  readonly guest: number;
  readonly engineDigest: Digest;
  /** The execution that it is of, as notes have it. */
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
  /** Of all turns of the guest so far. */
  readonly fuelUsed: number;
  /** By this turn, in milliseconds of the processor. */
  readonly computedMs: number;
}

/** The `workerData` of a worker thread. */
export interface WorkerSetup {
  readonly turnClock: SharedArrayBuffer;
  /** Idle ones and those in use together. */
  readonly maxInstances: number;
  /** The file in which it notes whose turn it is in. */
  readonly turnMarkers: string | undefined;
}
