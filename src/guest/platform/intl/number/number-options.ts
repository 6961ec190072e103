import { intlIndex } from "../locale/data.ts";
import { roundingModes } from "./decimal.ts";
import type { RoundingMode } from "./decimal.ts";
import { booleanOption, chooseOption, numberOption, textOption, wholeNumber } from "../locale/options.ts";
import type { Options } from "../locale/options.ts";

/** Rounding and padding of digits, shared by numbers, plurals and relative times. */
export interface DigitOptions {
  readonly minimumIntegerDigits: number;
  readonly minimumFractionDigits?: number | undefined;
  readonly maximumFractionDigits?: number | undefined;
  readonly minimumSignificantDigits?: number | undefined;
  readonly maximumSignificantDigits?: number | undefined;
  readonly roundingIncrement: number;
  readonly roundingMode: RoundingMode;
  readonly roundingPriority: "auto" | "morePrecision" | "lessPrecision";
  readonly trailingZeroDisplay: "auto" | "stripIfInteger";
}

const increments = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000];

/** https://tc39.es/ecma402/#sec-setnfdigitoptions */
export function readDigitOptions(
  options: Options,
  usual: { readonly minimum: number; readonly maximum: number; readonly isCompact: boolean },
): DigitOptions {
  const minimumIntegerDigits = numberOption(options, "minimumIntegerDigits", {
    from: 1,
    to: 21,
    fallback: 1,
  });
  const fraction = [options["minimumFractionDigits"], options["maximumFractionDigits"]] as const;
  const significant = [options["minimumSignificantDigits"], options["maximumSignificantDigits"]] as const;
  const roundingIncrement = numberOption(options, "roundingIncrement", { from: 1, to: 5_000, fallback: 1 });
  if (!increments.includes(roundingIncrement))
    throw new RangeError("roundingIncrement value is out of range.");
  const roundingMode = chooseOption(options, "roundingMode", roundingModes, "halfExpand");
  const priorities = ["auto", "morePrecision", "lessPrecision"] as const;
  const roundingPriority = chooseOption(options, "roundingPriority", priorities, "auto");
  const zeros = ["auto", "stripIfInteger"] as const;
  const trailingZeroDisplay = chooseOption(options, "trailingZeroDisplay", zeros, "auto");
  const rest = {
    minimumIntegerDigits,
    roundingIncrement,
    roundingMode,
    roundingPriority,
    trailingZeroDisplay,
  };
  const maximum = roundingIncrement === 1 ? usual.maximum : usual.minimum;
  const hasSignificant = significant.some((value) => value !== undefined);
  const hasFraction = fraction.some((value) => value !== undefined);
  const needsSignificant = roundingPriority !== "auto" || hasSignificant;
  const needsFraction = roundingPriority !== "auto" || !(hasSignificant || (!hasFraction && usual.isCompact));
  const digits = {
    ...(needsSignificant ? significantDigits(significant, hasSignificant) : {}),
    ...(needsFraction ? fractionDigits(fraction, { minimum: usual.minimum, maximum }) : {}),
  };
  if (!needsSignificant && !needsFraction) {
    const compact = {
      minimumFractionDigits: 0,
      maximumFractionDigits: 0,
      minimumSignificantDigits: 1,
      maximumSignificantDigits: 2,
    };
    return requireIncrement({ ...rest, ...compact, roundingPriority: "morePrecision" }, false);
  }
  return requireIncrement({ ...rest, ...digits }, roundingPriority === "auto" && !hasSignificant);
}

function requireIncrement(digits: DigitOptions, isFractionOnly: boolean): DigitOptions {
  if (digits.roundingIncrement === 1) return digits;
  if (!isFractionOnly) throw new TypeError("roundingIncrement is for fraction digits only");
  if (digits.maximumFractionDigits !== digits.minimumFractionDigits)
    throw new RangeError("With roundingIncrement the maximum of fraction digits is their minimum");
  return digits;
}

type Pair = readonly [minimum: unknown, maximum: unknown];

function significantDigits([least, most]: Pair, isGiven: boolean): Partial<DigitOptions> {
  if (!isGiven) return { minimumSignificantDigits: 1, maximumSignificantDigits: 21 };
  const minimum = wholeNumber(least, "minimumSignificantDigits", { from: 1, to: 21, fallback: 1 });
  const maximum = wholeNumber(most, "maximumSignificantDigits", { from: minimum, to: 21, fallback: 21 });
  return { minimumSignificantDigits: minimum, maximumSignificantDigits: maximum };
}

function fractionDigits(
  [least, most]: Pair,
  usual: { readonly minimum: number; readonly maximum: number },
): Partial<DigitOptions> {
  const bounds = { from: 0, to: 100, fallback: undefined };
  const minimum = wholeNumber(least, "minimumFractionDigits", bounds);
  const maximum = wholeNumber(most, "maximumFractionDigits", bounds);
  if (minimum !== undefined && maximum !== undefined && minimum > maximum)
    throw new RangeError("maximumFractionDigits value is out of range.");
  const lower = minimum ?? Math.min(usual.minimum, maximum ?? usual.minimum);
  return { minimumFractionDigits: lower, maximumFractionDigits: maximum ?? Math.max(usual.maximum, lower) };
}

export const notations = ["standard", "scientific", "engineering", "compact"] as const;
export const signDisplays = ["auto", "never", "always", "exceptZero", "negative"] as const;
const groupings = ["min2", "auto", "always", "true", "false", ""] as const;

export interface NumberOptions extends DigitOptions {
  readonly style: "decimal" | "percent" | "currency" | "unit";
  readonly currency?: string | undefined;
  readonly currencyDisplay: "code" | "symbol" | "narrowSymbol" | "name";
  readonly currencySign: "standard" | "accounting";
  readonly unit?: string | undefined;
  readonly unitDisplay: "short" | "narrow" | "long";
  readonly notation: (typeof notations)[number];
  readonly compactDisplay: "short" | "long";
  readonly useGrouping: "min2" | "auto" | "always" | false;
  readonly signDisplay: (typeof signDisplays)[number];
}

/** https://tc39.es/ecma402/#sec-initializenumberformat, the part after the locale. */
export function readNumberOptions(options: Options): NumberOptions {
  const unit = readUnitOptions(options);
  const notation = chooseOption(options, "notation", notations, "standard");
  const isCompact = notation === "compact";
  const cents = unit.currency === undefined ? 2 : (intlIndex().currencyDigits[unit.currency] ?? 2);
  const isMoney = unit.style === "currency" && notation === "standard";
  const minimum = isMoney ? cents : 0;
  const maximum = isMoney ? cents : unit.style === "percent" ? 0 : 3;
  const digits = readDigitOptions(options, { minimum, maximum, isCompact });
  const compactDisplay = chooseOption(options, "compactDisplay", ["short", "long"] as const, "short");
  const useGrouping = readGrouping(options, isCompact ? "min2" : "auto");
  const signDisplay = chooseOption(options, "signDisplay", signDisplays, "auto");
  return { ...unit, notation, ...digits, compactDisplay, useGrouping, signDisplay };
}

function readUnitOptions(
  options: Options,
): Pick<NumberOptions, "style" | "currency" | "currencyDisplay" | "currencySign" | "unit" | "unitDisplay"> {
  const styles = ["decimal", "percent", "currency", "unit"] as const;
  const style = chooseOption(options, "style", styles, "decimal");
  const currency = textOption(options, "currency");
  if (currency === undefined && style === "currency")
    throw new TypeError("Currency code is required with currency style.");
  if (currency !== undefined && !/^[a-z]{3}$/i.test(currency))
    throw new RangeError(`Invalid currency code : ${currency}`);
  const displays = ["code", "symbol", "narrowSymbol", "name"] as const;
  const currencyDisplay = chooseOption(options, "currencyDisplay", displays, "symbol");
  const currencySign = chooseOption(options, "currencySign", ["standard", "accounting"] as const, "standard");
  const unit = textOption(options, "unit");
  if (unit === undefined && style === "unit") throw new TypeError("Required unit argument for unit style");
  if (unit !== undefined && !isUnit(unit))
    throw new RangeError(`Invalid unit argument for Intl.NumberFormat() '${unit}'`);
  const unitDisplay = chooseOption(options, "unitDisplay", ["short", "narrow", "long"] as const, "short");
  return {
    style,
    ...(style === "currency" ? { currency: currency?.toUpperCase() } : {}),
    currencyDisplay,
    currencySign,
    ...(style === "unit" ? { unit } : {}),
    unitDisplay,
  };
}

function isUnit(unit: string): boolean {
  const parts = unit.split("-per-");
  const { units } = intlIndex();
  return parts.length <= 2 && parts.every((part) => units.includes(part));
}

function readGrouping(options: Options, usual: "min2" | "auto"): NumberOptions["useGrouping"] {
  const value = options["useGrouping"];
  if (value === undefined) return usual;
  if (value === true) return "always";
  if (booleanOption(options, "useGrouping") === false) return false;
  const chosen = chooseOption({ useGrouping: value }, "useGrouping", groupings, usual);
  return chosen === "true" || chosen === "false" || chosen === "" ? usual : chosen;
}
