import { isZero, magnitudeOf, scaled } from "./decimal.ts";
import type { Decimal } from "./decimal.ts";
import { roundNumber } from "./digits.ts";
import type { Compact } from "./number-data.ts";
import { ofPlural } from "./number-data.ts";
import type { DigitOptions, notations } from "./number-options.ts";

export interface NotationOptions extends DigitOptions {
  readonly notation: (typeof notations)[number];
  readonly compact: Compact;
}

/**
 * The power of ten by which a number is divided before it is formatted
 * (https://tc39.es/ecma402/#sec-computeexponent).
 */
export function exponentOf(decimal: Decimal, options: NotationOptions): number {
  if (options.notation === "standard" || decimal.kind !== "finite" || isZero(decimal)) return 0;
  const magnitude = magnitudeOf(decimal);
  const exponent = exponentForMagnitude(magnitude, options);
  const { rounded } = roundNumber(scaled(decimal, -exponent), options);
  if (isZero(rounded) || magnitudeOf(rounded) === magnitude - exponent) return exponent;
  return exponentForMagnitude(magnitude + 1, options);
}

function exponentForMagnitude(magnitude: number, { notation, compact }: NotationOptions): number {
  if (notation === "scientific") return magnitude;
  if (notation === "engineering") return Math.floor(magnitude / 3) * 3;
  const entry = compactEntry(compact, magnitude);
  if (entry === undefined) return 0;
  const power = Math.min(magnitude, lastPower);
  return power - Number(ofPlural(entry, "other").split("|")[0]);
}

const firstPower = 3;
const lastPower = 15;

/** The compact pattern for a number of that magnitude, or `undefined` if there is none. */
export function compactEntry(compact: Compact, magnitude: number): Compact[number] | undefined {
  return compact[Math.min(magnitude, lastPower) - firstPower];
}
