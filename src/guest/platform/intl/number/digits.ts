import { intlIndex } from "../locale/data.ts";
import { magnitudeOf, round, written } from "./decimal.ts";
import type { Decimal, WrittenNumber } from "./decimal.ts";
import type { DigitOptions } from "./number-options.ts";

export interface RoundedNumber extends WrittenNumber {
  readonly rounded: Decimal;
}

/** https://tc39.es/ecma402/#sec-formatnumberstring, without the sign. */
export function roundNumber(decimal: Decimal, options: DigitOptions): RoundedNumber {
  const { rounded, minimumFractionDigits } = roundByPriority(decimal, options);
  const { integer, fraction } = written(rounded, minimumFractionDigits);
  const isStripped = options.trailingZeroDisplay === "stripIfInteger" && /^0*$/.test(fraction);
  return {
    rounded,
    integer: integer.padStart(options.minimumIntegerDigits, "0"),
    fraction: isStripped ? "" : fraction,
  };
}

interface Rounded {
  readonly rounded: Decimal;
  readonly minimumFractionDigits: number;
  /** The position of the last digit that may differ, as a power of ten. */
  readonly place: number;
}

function roundByPriority(decimal: Decimal, options: DigitOptions): Rounded {
  const { roundingPriority, maximumSignificantDigits, maximumFractionDigits } = options;
  if (maximumFractionDigits === undefined) return roundSignificant(decimal, options);
  if (maximumSignificantDigits === undefined) return roundFraction(decimal, options);
  const significant = roundSignificant(decimal, options);
  const fraction = roundFraction(decimal, options);
  const isSignificantFiner = significant.place <= fraction.place;
  return isSignificantFiner === (roundingPriority === "morePrecision") ? significant : fraction;
}

function roundSignificant(decimal: Decimal, options: DigitOptions): Rounded {
  const { minimumSignificantDigits: least = 1, maximumSignificantDigits: most = 21, roundingMode } = options;
  const place = magnitudeOf(decimal) - most + 1;
  const rounded = round(decimal, -place, roundingMode);
  return { rounded, place, minimumFractionDigits: Math.max(0, least - 1 - magnitudeOf(rounded)) };
}

function roundFraction(decimal: Decimal, options: DigitOptions): Rounded {
  const { minimumFractionDigits = 0, maximumFractionDigits = 0, roundingMode, roundingIncrement } = options;
  const rounded = round(decimal, maximumFractionDigits, roundingMode, roundingIncrement);
  return { rounded, minimumFractionDigits, place: -maximumFractionDigits };
}

/** Replaces Latin digits by those of a numbering system. */
export function inDigits(text: string, numbering: string): string {
  if (numbering === "latn") return text;
  const digits = Array.from(intlIndex().digits[numbering] ?? "0123456789");
  return text.replaceAll(/\d/g, (digit) => digits[Number(digit)] ?? digit);
}

/** Splits the digits of the integer into groups, the highest first. */
export function groupsOf(
  integer: string,
  [primary = 3, secondary = 3, least = 1]: readonly number[],
  useGrouping: "min2" | "auto" | "always" | false,
): readonly string[] {
  const minimum = useGrouping === "always" ? 1 : useGrouping === "min2" ? Math.max(2, least) : least;
  if (useGrouping === false || integer.length < primary + minimum) return [integer];
  const groups = [integer.slice(-primary)];
  for (let end = integer.length - primary; end > 0; end -= secondary)
    groups.unshift(integer.slice(Math.max(0, end - secondary), end));
  return groups;
}
