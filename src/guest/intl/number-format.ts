import { asText, chooseOption, locale, numberOption, supportedLocalesOf } from "./locale.ts";

export interface Part {
  readonly type: string;
  readonly value: string;
}

type Options = Readonly<Record<string, unknown>>;

const styles = ["decimal", "percent", "currency", "unit"] as const;
const notations = ["standard", "compact"] as const;
const signDisplays = ["auto", "never", "always", "exceptZero", "negative"] as const;
const symbols: Readonly<Record<string, string>> = {
  USD: "$",
  EUR: "€",
  GBP: "£",
  JPY: "¥",
  INR: "₹",
  CNY: "CN¥",
  KRW: "₩",
  BRL: "R$",
  CAD: "CA$",
  AUD: "A$",
  MXN: "MX$",
  NZD: "NZ$",
  ILS: "₪",
  VND: "₫",
  TWD: "NT$",
  HKD: "HK$",
  PHP: "₱",
};
const currenciesWithoutCents = /^(?:BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|UYI|VND|VUV|XAF|XOF|XPF)$/;
const units: Readonly<Record<string, string>> = {
  byte: "byte",
  kilobyte: "kB",
  megabyte: "MB",
  gigabyte: "GB",
  second: "sec",
  minute: "min",
  hour: "hr",
  day: "day",
  millisecond: "ms",
  meter: "m",
  kilometer: "km",
  kilogram: "kg",
  gram: "g",
  celsius: "°C",
};
const thousands = ["", "K", "M", "B", "T"] as const;

/** `Intl.NumberFormat` in American English: decimal, percent, currency, common units, compact notation. */
export class NumberFormat {
  readonly #options: ReturnType<typeof readOptions>;
  readonly format: (value: unknown) => string;

  static readonly supportedLocalesOf = supportedLocalesOf;

  constructor(_locales?: unknown, options: Options = {}) {
    this.#options = readOptions(options);
    this.format = (value) => textOf(this.formatToParts(value));
  }

  formatToParts(value: unknown): Part[] {
    return partsOf(value, this.#options);
  }

  resolvedOptions(): Record<string, unknown> {
    const known = Object.entries(this.#options).filter(([, value]) => value !== undefined);
    return { locale, numberingSystem: "latn", ...Object.fromEntries(known) };
  }

  get [Symbol.toStringTag](): string {
    return "Intl.NumberFormat";
  }
}

export function textOf(parts: readonly Part[]): string {
  return parts.map(({ value }) => value).join("");
}

function readOptions(options: Options) {
  const style = chooseOption("style", options["style"], styles);
  const notation = chooseOption("notation", options["notation"], notations);
  const currency = style === "currency" ? currencyCode(options["currency"]) : undefined;
  const unit = style === "unit" ? unitName(options["unit"]) : undefined;
  return {
    style,
    notation,
    currency,
    unit,
    currencyDisplay: currency === undefined ? undefined : asText(options["currencyDisplay"] ?? "symbol"),
    unitDisplay: unit === undefined ? undefined : asText(options["unitDisplay"] ?? "short"),
    minimumIntegerDigits: numberOption(
      "minimumIntegerDigits",
      options["minimumIntegerDigits"],
      integerDigits,
    ),
    ...readDigits(options, { style, notation, currency }),
    useGrouping: options["useGrouping"] !== false && options["useGrouping"] !== "false",
    signDisplay: chooseOption("signDisplay", options["signDisplay"], signDisplays),
  };
}

const integerDigits = { from: 1, to: 21, fallback: 1 } as const;

function currencyCode(currency: unknown): string {
  if (currency === undefined) throw new TypeError("Currency code is required with currency style.");
  if (/^[A-Za-z]{3}$/.test(asText(currency))) return asText(currency).toUpperCase();
  throw new RangeError(`Invalid currency code : ${asText(currency)}`);
}

function unitName(unit: unknown): string {
  if (typeof unit === "string" && /^[a-z]+(?:-per-[a-z]+)?$/.test(unit)) return unit;
  throw new RangeError(`Invalid unit argument for Intl.NumberFormat(): ${asText(unit)}`);
}

interface DigitContext {
  readonly style: string;
  readonly notation: string;
  readonly currency: string | undefined;
}

function readDigits(options: Options, { style, notation, currency }: DigitContext) {
  const significant = [options["minimumSignificantDigits"], options["maximumSignificantDigits"]];
  if (significant.some((digits) => digits !== undefined)) {
    const least = numberOption("minimumSignificantDigits", significant[0], { from: 1, to: 21, fallback: 1 });
    const most = numberOption("maximumSignificantDigits", significant[1], {
      from: least,
      to: 21,
      fallback: 21,
    });
    return { minimumSignificantDigits: least, maximumSignificantDigits: most };
  }
  const cents = currency !== undefined && currenciesWithoutCents.test(currency) ? 0 : 2;
  const usual = notation === "compact" ? 0 : style === "currency" ? cents : 0;
  const limits = { from: 0, to: 100 };
  const wanted = numberOption("maximumFractionDigits", options["maximumFractionDigits"], {
    ...limits,
    fallback: undefined,
  });
  const given = numberOption("minimumFractionDigits", options["minimumFractionDigits"], {
    ...limits,
    fallback: undefined,
  });
  const minimum = given ?? Math.min(usual, wanted ?? usual);
  const most = style === "currency" ? usual : style === "percent" || notation === "compact" ? 0 : 3;
  const maximum = wanted ?? Math.max(minimum, most);
  if (minimum > maximum) throw new RangeError("maximumFractionDigits value is out of range.");
  const isRounded = notation === "compact" && wanted === undefined && given === undefined;
  return {
    minimumFractionDigits: minimum,
    maximumFractionDigits: maximum,
    ...(isRounded ? { isRounded } : {}),
  };
}

type Resolved = ReturnType<typeof readOptions>;

function partsOf(value: unknown, options: Resolved): Part[] {
  const number = typeof value === "bigint" ? value : Number(value);
  const isNegative = number < 0 || Object.is(number, -0);
  const magnitude = typeof number === "bigint" ? (isNegative ? -number : number) : Math.abs(number);
  const parts = magnitudeParts(magnitude, options);
  const isZero = parts.every(
    ({ type, value: text }) => type !== "infinity" && !(isDigits(type) && /[1-9]/.test(text)),
  );
  const sign = signOf(options.signDisplay, { isNegative, isZero });
  return sign === undefined ? parts : [sign, ...parts];
}

function isDigits(type: string): boolean {
  return type === "integer" || type === "fraction";
}

function signOf(
  display: Resolved["signDisplay"],
  { isNegative, isZero }: { readonly isNegative: boolean; readonly isZero: boolean },
): Part | undefined {
  if (display === "never" || (isZero && (display === "exceptZero" || display === "negative")))
    return undefined;
  if (isNegative) return { type: "minusSign", value: "-" };
  return display === "always" || display === "exceptZero" ? { type: "plusSign", value: "+" } : undefined;
}

function magnitudeParts(magnitude: number | bigint, options: Resolved): Part[] {
  const { style, currency, currencyDisplay, unit, unitDisplay } = options;
  if (style === "percent") {
    const hundredfold = typeof magnitude === "bigint" ? magnitude * 100n : timesHundred(magnitude);
    return [...digitParts(hundredfold, options), { type: "percentSign", value: "%" }];
  }
  const digits = digitParts(magnitude, options);
  if (unit !== undefined) return [...digits, ...unitParts(unit, String(unitDisplay), textOf(digits) === "1")];
  if (currency === undefined) return digits;
  if (currencyDisplay === "name") return [...digits, literal(" "), { type: "currency", value: currency }];
  const symbol = currencyDisplay === "code" ? currency : (symbols[currency] ?? currency);
  const space = /[A-Z]$/.test(symbol) && digits[0]?.type === "integer" ? [literal("\u00a0")] : [];
  return [{ type: "currency", value: symbol }, ...space, ...digits];
}

/** By moving the point in the text: a product would have the rounding of binary fractions in it. */
function timesHundred(number: number): number {
  const [mantissa = "", exponent = "0"] = String(number).split("e");
  return Number.isFinite(number) ? Number(`${mantissa}e${Number(exponent) + 2}`) : number;
}

function unitParts(unit: string, display: string, isOne: boolean): Part[] {
  const isSpelled = display === "long" || units[unit] === undefined;
  const name = isSpelled ? unit : (units[unit] ?? unit);
  const plural = /^(?:byte|day)$/.test(name) || isSpelled ? (isOne ? "" : "s") : "";
  const isTight = display === "narrow" || name === "°C";
  return [...(isTight ? [] : [literal(" ")]), { type: "unit", value: name + plural }];
}

function digitParts(magnitude: number | bigint, options: Resolved): Part[] {
  if (typeof magnitude === "number" && Number.isNaN(magnitude)) return [{ type: "nan", value: "NaN" }];
  if (magnitude === Infinity) return [{ type: "infinity", value: "∞" }];
  if (options.notation === "compact") return compactParts(Number(magnitude), options);
  return plainParts(decimalText(magnitude, options), options);
}

function compactParts(magnitude: number, options: Resolved): Part[] {
  let power = Math.min(thousands.length - 1, Math.max(0, Math.floor(Math.log10(magnitude || 1) / 3)));
  let text = compactText(magnitude / 1000 ** power, options);
  if (Number(text) >= 1000 && power < thousands.length - 1) {
    power += 1;
    text = compactText(magnitude / 1000 ** power, options);
  }
  const parts = plainParts(text, { ...options, useGrouping: text.split(".")[0]?.length !== 4 });
  return power === 0 ? parts : [...parts, { type: "compact", value: thousands[power] ?? "" }];
}

/** Two digits, where nobody said how many. */
function compactText(number: number, options: Resolved): string {
  if (!("isRounded" in options)) return decimalText(number, options);
  return number >= 100 ? number.toFixed(0) : String(Number(number.toPrecision(2)));
}

function decimalText(magnitude: number | bigint, options: Resolved): string {
  if ("maximumSignificantDigits" in options) return significantText(Number(magnitude), options);
  const { minimumFractionDigits: least, maximumFractionDigits: most } = options;
  const text =
    typeof magnitude === "bigint" ? `${magnitude}.${"0".repeat(most)}` : fixedText(magnitude, most);
  const [whole = "", fraction = ""] = text.split(".");
  return withFraction(
    whole,
    fraction.slice(0, least).padEnd(least, "0") + fraction.slice(least).replace(/0+$/, ""),
  );
}

/** The number as it is written decides, not its binary fraction: 1.005 becomes 1.01. */
function fixedText(magnitude: number, digits: number): string {
  if (magnitude >= 1e21) return wholeDigits(magnitude);
  const [mantissa = "", exponent = "0"] = String(magnitude).split("e");
  const moved = Math.round(Number(`${mantissa}e${Number(exponent) + digits}`));
  if (!Number.isSafeInteger(moved) || digits === 0) return magnitude.toFixed(digits);
  const text = String(moved).padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** As the number is written, `1.5e+21`, and not what its bits are exactly. */
function wholeDigits(magnitude: number): string {
  const [mantissa = "", exponent = "0"] = String(magnitude).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return whole + fraction.padEnd(Number(exponent), "0");
}

function significantText(
  magnitude: number,
  {
    minimumSignificantDigits: least = 1,
    maximumSignificantDigits: most = 21,
  }: { readonly minimumSignificantDigits?: number; readonly maximumSignificantDigits?: number },
): string {
  const [whole = "", fraction = ""] = plainDigits(magnitude, most).split(".");
  const zeros = magnitude >= 1 ? 0 : (/^0*/.exec(fraction)?.[0].length ?? 0);
  const before = magnitude >= 1 ? whole.length : magnitude === 0 ? 1 : -zeros;
  return withFraction(whole, fraction.replace(/0+$/, "").padEnd(Math.max(0, least - before), "0"));
}

function plainDigits(magnitude: number, most: number): string {
  const wholeCount = Math.floor(Math.log10(magnitude || 1)) + 1;
  if (wholeCount > 0 && wholeCount <= most && most < 16) return fixedText(magnitude, most - wholeCount);
  const rounded = Number(magnitude.toPrecision(Math.min(most, 17)));
  if (rounded >= 1e21) return wholeDigits(rounded);
  const text = String(rounded);
  return text.includes("e") ? rounded.toFixed(20) : text;
}

function withFraction(whole: string, fraction: string): string {
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

function plainParts(text: string, { minimumIntegerDigits, useGrouping }: Resolved): Part[] {
  const [whole = "", fraction] = text.split(".");
  const groups = groupsOf(whole.padStart(minimumIntegerDigits, "0"), useGrouping);
  const integer = groups.flatMap((value, index) => [
    ...(index === 0 ? [] : [{ type: "group", value: "," }]),
    { type: "integer", value },
  ]);
  if (fraction === undefined || fraction === "") return integer;
  return [...integer, { type: "decimal", value: "." }, { type: "fraction", value: fraction }];
}

function groupsOf(whole: string, useGrouping: boolean): string[] {
  return useGrouping ? whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ",").split(",") : [whole];
}

function literal(value: string): Part {
  return { type: "literal", value };
}
