import type { MatchedCall } from "./made-call.ts";

/** Why a replay cannot continue on its recording. */
export type DivergenceReason =
  /** The workflow makes this call where it made the call `expected` before. */
  | { readonly kind: "different"; readonly expected: number; readonly actual: MatchedCall }
  /** The workflow makes a call that it did not make before. */
  | { readonly kind: "asks-for-more"; readonly actual: MatchedCall }
  /** Nothing that the workflow waits for arrives. `calls` are the recorded calls among what it waits for. */
  | { readonly kind: "exhausted"; readonly waiting: readonly MatchedCall[] }
  /** The recording lacks what is needed, or contradicts itself. */
  | {
      readonly kind: "not-comparable";
      readonly reason: string;
      /** Set if the recorded version behaves differently. */
      readonly isDeterministic?: false;
    };

/** Ends a replay. The driver passes it on, like every rejection of its journal. */
export class Divergence extends Error {
  readonly reason: DivergenceReason;

  constructor(reason: DivergenceReason) {
    super(`The replay left the recording: ${reason.kind}`);
    this.name = "Divergence";
    this.reason = reason;
  }
}

export function notComparable(reason: string): Divergence {
  return new Divergence({ kind: "not-comparable", reason });
}
