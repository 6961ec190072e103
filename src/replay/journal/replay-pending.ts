import type { ResultKind } from "../../host/delivery-order.ts";
import type { Pending } from "../../host/journal.ts";
import { Divergence, notComparable } from "./divergence.ts";
import type { MatchedCall } from "./made-call.ts";

/** What a race waits for on behalf of a `Pending`. */
export interface Source<T> {
  readonly kind: ResultKind;
  /** True if an execution that waits for nothing else only waits. */
  readonly isPassive: boolean;
  readonly isClock?: boolean;
  /** True for the end of a grace period: it ends what the recording cannot continue. */
  readonly isGrace?: boolean;
  readonly call?: MatchedCall;
  readonly key: () => string;
  /** @throws {Divergence} */
  readonly read: () => T;
  readonly withdraw?: () => void;
}

interface ReplayPending<T> extends Pending<T> {
  readonly source: Source<T>;
}

export function pendingFrom<T>(source: Source<T>): Pending<T> {
  const pending: ReplayPending<T> = {
    source,
    map: (transform) => pendingFrom({ ...source, read: () => transformed(source.read(), transform) }),
    drop: () => {},
    withdraw: async () => source.withdraw?.(),
  };
  return pending;
}

export function sourceOf<T>(pending: Pending<T>): Source<T> {
  return (pending as ReplayPending<T>).source;
}

/** A recording may come from anywhere, so a result may not have the form that its operation requires. */
export function transformed<T, U>(value: T, transform: (value: T) => U): U {
  try {
    return transform(value);
  } catch (error) {
    throw error instanceof Divergence ? error : notComparable("A result in the recording is malformed");
  }
}
