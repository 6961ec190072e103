import type { RecordedCall, Recording } from "../../recordings/recording.ts";
import { redactCall } from "../../recordings/redaction/redact-recording.ts";
import { createRedactor } from "../../recordings/redaction/redactor.ts";
import type { NamedCall } from "./made-call.ts";
import { nameKey, recordedKey, requestKey } from "./request-key.ts";

/**
 * Finds the recorded calls that ask for the same as a call. Returns their numbers in order, in up to two lists: those with the same
 * arguments, and those without arguments whose journal entry has the same name.
 */
export type RequestIndex = (call: NamedCall) => readonly (readonly number[])[];

/** Values that are redacted in the recording are not compared: they are redacted in both calls. */
export function indexRequests({
  calls,
  redacted,
}: {
  readonly calls: Recording["calls"];
  readonly redacted?: Recording["redacted"];
}): RequestIndex {
  const redactor = redacted === undefined ? undefined : createRedactor(redacted);
  // A replay on the recorded version has found the arguments of a redacted recording anew.
  const comparable = <Call extends RecordedCall | NamedCall>(call: Call): Call =>
    redactor === undefined ? call : redactCall<Call>(call, redactor);
  const byKey = groupedBy(calls, (call) => recordedKey(comparable(call)));
  return (call) => {
    const asked = comparable(call);
    return [requestKey(asked), nameKey(asked)].flatMap((key) => {
      const numbers = byKey.get(key);
      return numbers === undefined ? [] : [numbers];
    });
  };
}

/** The numbers of the calls with each key, in order. */
export function groupedBy(
  calls: readonly RecordedCall[],
  keyOf: (call: RecordedCall) => string,
): ReadonlyMap<string, readonly number[]> {
  return Map.groupBy(calls.keys(), (number) => keyOf(calls[number] as RecordedCall));
}
