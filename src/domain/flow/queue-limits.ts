/** The limits of one queue, in numbers. A member that is absent does not limit. */
export interface QueueLimits {
  /** Holders of a slot at the same time. */
  readonly total?: number;
  /** Holders with the same key at the same time. */
  readonly perKey?: number;
  readonly rate?: RateLimit;
  readonly debounce?: { readonly periodMs: number; readonly maxMs?: number };
  readonly singleton?: "skip" | "cancel-running";
  readonly batch?: { readonly size: number; readonly periodMs: number; readonly maxBytes: number };
}

/** `limit` grants in `periodMs`, evenly spaced, and up to `burst` of them at once. */
export interface RateLimit {
  readonly limit: number;
  readonly periodMs: number;
  readonly burst: number;
  /** True to skip what has no token, instead of queuing it. */
  readonly rejects?: true;
}

/** What an operator can override while a queue runs. */
export type QueueOverride = Partial<Pick<QueueLimits, "total" | "perKey" | "rate">>;

/** Limits with the time at which they were read. */
export interface DatedLimits {
  readonly limits: QueueLimits;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}
