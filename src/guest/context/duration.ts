import { maxSleepMs } from "../../domain/limits.ts";
import type { Duration } from "@duranium/workflow";

/**
 * Whole milliseconds of a duration, rounded up. A duration is a number of milliseconds, a text such as `"1h30m"`,
 * or ISO 8601 such as `"PT1H30M"`.
 *
 * @throws {TypeError} if it is none of these
 * @throws {RangeError} if it is negative, or longer than `maxSleepMs`
 */
export function durationMs(duration: Duration): number {
  const ms = typeof duration === "number" ? duration : parseDuration(duration);
  if (Number.isNaN(ms)) throw new TypeError(`${quote(duration)} is no duration: ${forms}`);
  if (ms < 0) throw new RangeError(`Cannot wait for ${quote(duration)}: a duration is not negative`);
  if (ms > maxSleepMs)
    throw new RangeError(`Cannot wait for ${quote(duration)}: at most 366 days are possible`);
  return Math.ceil(ms);
}

const forms = `use milliseconds, or text like "250ms", "30s", "5m", "1h30m", "2d", "1w", "PT5M"`;

const msOfUnit = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
} as const;
type Unit = keyof typeof msOfUnit;

const shortForm = /^(?:\d{1,15}(?:\.\d{1,9})?\s?(?:ms|[smhdw])\s?)+$/;
/** ISO 8601 prefers the comma as the decimal sign, so both are allowed. */
const isoForm = /^P(?=.)(?:\d+(?:[.,]\d+)?[WD])*(?:T(?=.)(?:\d+(?:[.,]\d+)?[HMS])+)?$/;

/** `NaN` if the text is in neither format. */
function parseDuration(duration: unknown): number {
  if (typeof duration !== "string" || duration.length > 100) return Number.NaN;
  const text = duration.trim();
  if (shortForm.test(text)) return sumOfParts(text);
  // Years and months are not supported, as they have no fixed length. Without them every letter is one unit.
  if (!isoForm.test(text)) return Number.NaN;
  return sumOfParts(text.slice(1).replace("T", "").replaceAll(",", ".").toLowerCase());
}

function sumOfParts(text: string): number {
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s?(ms|[smhdw])/g)) {
    total += Number(amount) * msOfUnit[unit as Unit];
  }
  return total;
}

function quote(duration: unknown): string {
  if (typeof duration === "string") return `"${duration.slice(0, 100)}"`;
  return typeof duration === "number" ? `${duration} ms` : `A value of type ${typeof duration}`;
}
