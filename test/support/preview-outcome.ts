import type { JsonValue } from "../../src/base/json.ts";

/** The properties in which an execution and its preview must agree. */
export interface ComparedRun {
  readonly status: string;
  readonly result?: JsonValue;
  readonly failure?: unknown;
  readonly steps: readonly object[];
  readonly logs: readonly object[];
}

interface Told {
  readonly status: string;
  readonly result?: unknown;
  readonly failure?: unknown;
  readonly steps: readonly object[];
}

/**
 * A run without the values that may differ: times, the target's port, the execution's id, and the size of a result
 * in Restate's own format.
 */
export function comparable(run: Told, logs: readonly object[]): ComparedRun {
  const { status, result, failure, steps } = run;
  const told = { status, result, failure, steps: steps.map(stepShown), logs: logs.map(lineShown) };
  const text = JSON.stringify(told, (key, value: unknown) => (varying.has(key) ? "…" : value))
    .replaceAll(/127\.0\.0\.1:\d+/g, "target")
    .replaceAll(/inv_\w+/g, "inv_…");
  return JSON.parse(text) as ComparedRun;
}

const varying: ReadonlySet<string> = new Set(["now", "revision", "waitedMs", "time"]);

function stepShown(step: object): object {
  const { operation, name, outcome, attempts, result, error } = step as Readonly<Record<string, unknown>>;
  const isReading = name === "cancelled";
  return { operation, name, outcome, attempts, result: isReading ? "…" : withoutDate(result), error };
}

/** Responses have a date header, and browsers sort headers. */
function withoutDate(result: unknown): unknown {
  const { value } = Object(result) as { readonly value?: unknown };
  const { headers } = Object(value) as { readonly headers?: unknown };
  if (!Array.isArray(headers)) return result;
  const kept = (headers as readonly (readonly [string, string])[])
    .filter(([name]) => name !== "date")
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return { ...(result as object), value: { ...(value as object), headers: kept } };
}

function lineShown(line: object): object {
  const { number, level, arguments: said } = line as Readonly<Record<string, unknown>>;
  return { number, level, arguments: said };
}
