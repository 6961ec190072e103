import type { JsonValue } from "../../base/json.ts";
import type { Operation, Operations } from "../../host/operations/operation.ts";
import { recordedBodyOf } from "../../recordings/recorded-body.ts";
import type { RecordedBody } from "../../recordings/recording.ts";

/** A call that a workflow makes while it is replayed. */
export interface MadeCall {
  readonly operation: string;
  readonly arguments: JsonValue;
  readonly body?: RecordedBody;
  /** Frames in lines of the bundle; empty if they are not traced. */
  readonly stack: string;
}

/** A call with the name of its journal entry. */
export interface NamedCall extends Omit<MadeCall, "stack"> {
  readonly name: string;
}

/** A call with its place in the replay. */
export interface MatchedCall {
  readonly call: NamedCall;
  /** Frames in lines of the bundle; empty if they are not traced. */
  readonly stack: string;
  /** The number of results that had been delivered when it was made. */
  readonly turn: number;
  /**
   * The number of the recorded call that it matches. Absent until the end of its turn, and for a wait for a signal that the
   * recorded execution did not wait for.
   */
  number?: number;
}

/**
 * Operations that announce each call before they make its command. Calls that the workflow abandons in the turn in which it makes
 * them have no command and are not announced.
 */
export function announcing(
  operations: Operations,
  { nextStack, onCall }: { readonly nextStack: () => string; readonly onCall: (call: MadeCall) => void },
): Operations {
  const announced = Array.from(operations.values(), (operation): Operation => ({
    ...operation,
    prepare(argumentsJson, body) {
      const stack = nextStack();
      const start = operation.prepare(argumentsJson, body);
      if (start === undefined) return undefined;
      const made = { operation: operation.name, arguments: argumentsJson as JsonValue, stack };
      const call = body.length === 0 ? made : { ...made, body: recordedBodyOf(body) };
      return (journal, now, execution) => {
        onCall(call);
        return start(journal, now, execution);
      };
    },
  }));
  return new Map(announced.map((operation) => [operation.name, operation]));
}
