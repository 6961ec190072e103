import type { JsonValue } from "../base/json.ts";
import type { Failure, ReplayOutcome } from "../domain/outcome.ts";
import type { CallSite, RecordedBody } from "../recordings/recording.ts";
import type { JsonDifference } from "./json-difference.ts";

export interface ReplayItem {
  readonly executionId: string;
  readonly outcome: ReplayOutcome;
  /** The position of the call at which the version leaves the recording, from 0. */
  readonly step?: number;
  readonly expected?: ReplayedCall;
  readonly actual?: ReplayedCall;
  /** What the version throws. */
  readonly failure?: Failure;
  /** Where the call is made, or the error is thrown. Of `endsEarlier`, where the recorded version made the call. */
  readonly place?: CallSite;
  readonly differences?: readonly JsonDifference[];
  /** Instructions before and now, if the version uses at least 30 % more. */
  readonly fuel?: { readonly before: number; readonly after: number };
  /** True if the recorded execution failed, and the version gets past that. */
  readonly fixed?: true;
  /** Why the recording is not comparable. */
  readonly reason?: string;
}

export interface ReplayedCall {
  readonly name: string;
  readonly operation: string;
  readonly arguments?: JsonValue;
  readonly body?: RecordedBody;
}
