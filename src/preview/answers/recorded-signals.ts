import type { JsonValue } from "../../base/json.ts";
import type { RecordedChange, RecordedRun } from "../contract/recorded-run.ts";

/** The events and callbacks that arrive in a run on a recording, by the names of their signals. */
export function recordedSignals({
  recording: { signals },
  changes = [],
}: Pick<RecordedRun, "recording" | "changes">): ReadonlyMap<string, JsonValue> {
  const values = new Map<string, JsonValue>();
  for (const { name, result } of signals) {
    if ("value" in result) values.set(name, result.value);
  }
  for (const change of changes.filter(isOfSignal)) {
    const before = values.get(change.signal);
    if ("isMissing" in change) values.delete(change.signal);
    else if (before !== undefined) values.set(change.signal, { ...Object(before), value: change.payload });
  }
  return values;
}

function isOfSignal(change: RecordedChange): change is Extract<RecordedChange, { readonly signal: string }> {
  return "signal" in change;
}
