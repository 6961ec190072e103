/**
 * Exact decimal numbers, rounded as in ECMA-402 (https://tc39.es/ecma402/#sec-applyunsignedroundingmode). The value
 * is `0.digits × 10^exponent`. Zero has no digits.
 */
export interface Decimal {
  readonly kind: "finite" | "infinite" | "nan";
  readonly isNegative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

export const roundingModes = [
  "ceil",
  "floor",
  "expand",
  "trunc",
  "halfCeil",
  "halfFloor",
  "halfExpand",
  "halfTrunc",
  "halfEven",
] as const;
export type RoundingMode = (typeof roundingModes)[number];

const nan: Decimal = { kind: "nan", isNegative: false, digits: "", exponent: 0 };

/** Converts a number, a bigint, or a decimal text. A text keeps digits that a number could not represent. */
export function toDecimal(value: unknown): Decimal {
  const primitive = isBigIntObject(value) ? BigInt.prototype.valueOf.call(value) : value;
  if (typeof primitive === "bigint") return fromText(primitive.toString());
  if (typeof primitive === "string") return fromNumericText(primitive);
  return fromNumber(Number(primitive));
}

function isBigIntObject(value: unknown): value is object {
  return typeof value === "object" && Object.prototype.toString.call(value) === "[object BigInt]";
}

function fromNumber(number: number): Decimal {
  if (Number.isNaN(number)) return nan;
  if (!Number.isFinite(number)) return { kind: "infinite", isNegative: number < 0, digits: "", exponent: 0 };
  return fromText(Object.is(number, -0) ? "-0" : String(number));
}

function fromNumericText(text: string): Decimal {
  const trimmed = text.trim();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,4})?$/i.test(trimmed)) return fromText(trimmed);
  if (/^0[xob]/i.test(trimmed)) {
    try {
      return fromText(BigInt(trimmed).toString());
    } catch {
      return nan;
    }
  }
  return fromNumber(Number(trimmed));
}

function fromText(text: string): Decimal {
  const [, sign = "", whole = "", fraction = "", power = "0"] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const all = whole + fraction;
  const zeros = /^0*/.exec(all)?.[0].length ?? 0;
  const digits = all.slice(zeros).replace(/0+$/, "");
  return {
    kind: "finite",
    isNegative: sign === "-",
    digits,
    exponent: digits === "" ? 0 : whole.length - zeros + Number(power),
  };
}

export function isZero({ kind, digits }: Decimal): boolean {
  return kind === "finite" && digits === "";
}

/** The power of ten of the first digit. */
export function magnitudeOf({ digits, exponent }: Decimal): number {
  return digits === "" ? 0 : exponent - 1;
}

export function scaled(decimal: Decimal, power: number): Decimal {
  return decimal.digits === "" ? decimal : { ...decimal, exponent: decimal.exponent + power };
}

/** Rounds to a multiple of `increment` in the last of the fraction digits, whose number may be negative. */
export function round(decimal: Decimal, fractionDigits: number, mode: RoundingMode, increment = 1): Decimal {
  if (decimal.kind !== "finite" || decimal.digits === "") return decimal;
  const kept = decimal.exponent + fractionDigits;
  if (kept >= decimal.digits.length && increment === 1) return decimal;
  const padded = decimal.digits.padEnd(Math.max(kept, 0), "0");
  const rest = kept >= 0 ? padded.slice(kept) : "0".repeat(Math.min(-kept, 400)) + padded;
  const whole = BigInt(kept > 0 ? padded.slice(0, kept) : "0");
  const step = BigInt(increment);
  const lower = whole - (whole % step);
  const remainder = BigInt(`${whole % step}${rest}`);
  if (remainder === 0n) return decimal;
  const half = remainder * 2n - step * 10n ** BigInt(rest.length);
  const isUp = roundsUp(mode, { isNegative: decimal.isNegative, half, isOdd: (lower / step) % 2n === 1n });
  const text = (isUp ? lower + step : lower).toString();
  if (text === "0") return { ...decimal, digits: "", exponent: 0 };
  return { ...decimal, digits: text.replace(/0+$/, ""), exponent: text.length - fractionDigits };
}

/** @param half the sign of the difference between the remainder and half a step */
function roundsUp(
  mode: RoundingMode,
  {
    isNegative,
    half,
    isOdd,
  }: { readonly isNegative: boolean; readonly half: bigint; readonly isOdd: boolean },
): boolean {
  switch (mode) {
    case "ceil":
      return !isNegative;
    case "floor":
      return isNegative;
    case "expand":
      return true;
    case "trunc":
      return false;
    default:
      if (half !== 0n) return half > 0n;
  }
  if (mode === "halfExpand") return true;
  if (mode === "halfTrunc") return false;
  if (mode === "halfEven") return isOdd;
  return mode === "halfCeil" ? !isNegative : isNegative;
}

export interface WrittenNumber {
  readonly integer: string;
  readonly fraction: string;
}

/** The number with at least the given number of fraction digits. */
export function written({ digits, exponent }: Decimal, minimumFractionDigits: number): WrittenNumber {
  const integer = exponent > 0 ? digits.slice(0, exponent).padEnd(exponent, "0") : "0";
  const fraction = exponent >= 0 ? digits.slice(Math.max(exponent, 0)) : "0".repeat(-exponent) + digits;
  return { integer, fraction: fraction.padEnd(minimumFractionDigits, "0") };
}
