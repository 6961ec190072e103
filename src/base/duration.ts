/** Parsers of durations: short texts such as `1h30m`, and ISO 8601 such as `PT1H30M`. */

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

/** Returns milliseconds, or `NaN` if the value is in neither format. */
export function parseDuration(duration: unknown): number {
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
