import { type CheckItem, outcomes } from "./outcome-words.ts";

/** Executions that differ in the same way, at the same place. */
export interface CheckGroup {
  readonly key: string;
  /** At least one. */
  readonly items: readonly [CheckItem, ...CheckItem[]];
}

/** What is shown of a report: executions that differ or use more fuel, those with the same difference together. */
export function groupsOf(items: readonly CheckItem[]): readonly CheckGroup[] {
  const shown = items.filter(({ outcome, fuel }) => outcome !== "same" || fuel !== undefined);
  const groups = [...Map.groupBy(shown, keyOf)].flatMap(([key, found]): readonly CheckGroup[] => {
    const [first, ...rest] = found;
    return first === undefined ? [] : [{ key, items: [first, ...rest] }];
  });
  return groups.toSorted((one, other) => rank(one) - rank(other) || other.items.length - one.items.length);
}

/** Those that are only slower come last. */
function rank({ items: [{ outcome }] }: CheckGroup): number {
  return outcome === "same" ? outcomes.length : outcomes.indexOf(outcome);
}

/** URLs and values differ between executions, so they do not count. */
function keyOf({ outcome, place, step, expected, actual, failure, differences, reason }: CheckItem): string {
  const at = place === undefined ? step : [place.file, place.line];
  const paths = differences?.map(({ path }) => path);
  return JSON.stringify([outcome, at, expected?.operation, actual?.operation, failure?.name, paths, reason]);
}

/** The difference in a few words: `POST https://api.example.com/charges`, `RangeError: no`, `/total, /tax`. */
export function subjectOf({
  outcome,
  expected,
  actual,
  failure,
  differences,
  reason,
  fuel,
}: CheckItem): string {
  if (failure !== undefined) return `${failure.name}: ${failure.message}`;
  const call = actual ?? expected;
  if (call !== undefined) return call.name.replace(/^fetch /, "");
  if (differences !== undefined) {
    return differences.map(({ path }) => (path === "" ? "the result" : path)).join(", ");
  }
  return reason ?? (outcome === "same" && fuel !== undefined ? moreFuel(fuel) : "");
}

/** `42 % more fuel` */
export function moreFuel({ before, after }: NonNullable<CheckItem["fuel"]>): string {
  return `${Math.round((after / before - 1) * 100)} % more fuel`;
}

/** What a call asked for, in one value: its arguments, and its body as JSON if it is. */
export function requestOf({ arguments: given, body }: NonNullable<CheckItem["actual"]>): unknown {
  if (body === undefined) return given ?? null;
  const text = body.text ?? `${body.bytes} bytes, SHA-256 ${body.sha256}`;
  const parsed = { body: jsonIn(text) };
  return typeof given === "object" && given !== null && !Array.isArray(given)
    ? { ...given, ...parsed }
    : parsed;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
