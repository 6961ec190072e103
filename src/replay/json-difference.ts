import jsonPatch from "fast-json-patch";
import type { JsonValue } from "../base/json.ts";

/** One difference between two JSON values. */
export interface JsonDifference {
  /** A JSON Pointer (RFC 6901); empty for the whole value. */
  readonly path: string;
  /** Absent if the place is new. */
  readonly before?: JsonValue;
  /** Absent if the place is gone. */
  readonly after?: JsonValue;
}

/** Differences of one report item. */
const maxDifferences = 20;

/** Characters of each value in a difference, as JSON. */
const maxValueLength = 1_000;

export function isSameJson(one: JsonValue, other: JsonValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other) || jsonPatch.compare([one], [other]).length === 0;
}

/** Lists the first differences. Long values are shortened to text. */
export function differencesOf(before: JsonValue, after: JsonValue): readonly JsonDifference[] {
  const operations = jsonPatch.compare([before], [after], true);
  const tested = new Map<string, JsonValue>();
  const differences: JsonDifference[] = [];
  for (const operation of operations) {
    if (operation.op === "test") tested.set(operation.path, operation.value as JsonValue);
    else if (differences.length < maxDifferences) differences.push(differenceOf(operation, tested));
  }
  return differences;
}

function differenceOf(
  operation: { readonly path: string; readonly value?: unknown },
  tested: ReadonlyMap<string, JsonValue>,
): JsonDifference {
  const before = tested.get(operation.path);
  return {
    // Both values are compared as the only item of a list.
    path: operation.path.slice("/0".length),
    ...(before === undefined ? {} : { before: shortened(before) }),
    ...("value" in operation ? { after: shortened(operation.value as JsonValue) } : {}),
  };
}

function shortened(value: JsonValue): JsonValue {
  const json = JSON.stringify(value);
  return json.length <= maxValueLength ? value : `${json.slice(0, maxValueLength)}…`;
}
