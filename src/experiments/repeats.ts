import type { JsonValue } from "../base/json.ts";
import type { PreviewStep } from "../preview/contract/preview.ts";
import type { RecordedCall } from "../recordings/recording.ts";
import type { RepeatedEffect } from "./experiment.ts";

/** What a run did, for a comparison of its effects. */
export interface ObservedRun {
  readonly steps: readonly PreviewStep[];
  readonly calls: readonly RecordedCall[];
}

/** Finds the effects that happen more often than in the run without a failure. Requests that only read do not count. */
export function repeatedEffects(control: ObservedRun, run: ObservedRun): readonly RepeatedEffect[] {
  const before = countsOf(control.steps);
  return [...countsOf(run.steps)].flatMap(([name, { count, last }]) => {
    const expected = before.get(name)?.count ?? 0;
    if (expected === 0 || count <= expected) return [];
    const { place } = last;
    const isIdempotent = run.calls.some((call) => call.name === name && isRepeatable(call));
    return [{ name, times: count - expected, ...(place === undefined ? {} : { place }), isIdempotent }];
  });
}

function countsOf(steps: readonly PreviewStep[]) {
  const counts = new Map<string, { readonly count: number; readonly last: PreviewStep }>();
  for (const step of steps.filter(hasEffect)) {
    const { name, starts = 1, attempts = 1 } = step;
    counts.set(name, { count: (counts.get(name)?.count ?? 0) + starts + attempts - 1, last: step });
  }
  return counts;
}

function hasEffect({ operation, name }: PreviewStep): boolean {
  if (operation === "call" || operation === "send") return true;
  return operation === "fetch" && !/^fetch (?:GET|HEAD|OPTIONS) /.test(name);
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 */
function isRepeatable({ name, arguments: given }: RecordedCall): boolean {
  if (/^fetch (?:PUT|DELETE) /.test(name)) return true;
  const { headers } = Object(given) as { readonly headers?: JsonValue };
  const pairs = Array.isArray(headers) ? (headers as readonly JsonValue[]) : [];
  return pairs.some((pair) => Array.isArray(pair) && /^idempotency-key$/i.test(String(pair[0])));
}
