import type { JsonValue } from "../../base/json.ts";
import type { Failure } from "../../domain/outcome.ts";
import type { Recording } from "../../recordings/recording.ts";
import type { MockResponse } from "./mock-response.ts";

/**
 * A run on a recording: it begins as the recorded execution did, and its calls get the recorded results as long as they ask for
 * the same. Whatever the recording does not answer is answered as in any preview.
 */
export interface RecordedRun {
  readonly recording: Recording;
  readonly changes?: readonly RecordedChange[];
  /**
   * True for a run without a user, as in an experiment. Time passes while it waits for an event. A request that was recorded
   * once is answered in the same way again, and one with the method and URL of a recorded request like that one.
   */
  readonly isUnattended?: boolean;
}

/** What differs from the recording. A call is named by its number: its position in `calls`. */
export type RecordedChange =
  /**
   * Changes the answer to a call. After a failure, or a response with a status of 500 or more, the recorded answer is used for
   * the next call that asks for the same, as if the failure had been temporary.
   */
  | { readonly call: number; readonly answer: ChangedAnswer }
  /** Changes the payload of an event or a callback, by the name of its signal. */
  | { readonly signal: string; readonly payload: JsonValue }
  /** The event or callback does not arrive. */
  | { readonly signal: string; readonly isMissing: true }
  | ProcessCrash;

export type ChangedAnswer =
  /** Of a fetch. */
  | { readonly response: MockResponse }
  /** Of a fetch: each attempt fails. */
  | { readonly failure: "network" | "timeout" }
  /** Of a call of another workflow. */
  | { readonly result: JsonValue }
  | { readonly error: Failure };

/** The process of the execution is killed, and replays the execution when it runs again. */
export interface ProcessCrash {
  /** The call whose result arrives at that moment. */
  readonly crashAt: number;
  /** Whether the result is stored by then. */
  readonly isStored: boolean;
  /** How long the process does not run. */
  readonly downtimeMs: number;
}
