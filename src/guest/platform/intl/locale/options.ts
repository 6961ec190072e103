/** Options as ECMA-402 reads them (https://tc39.es/ecma402/#sec-getoption). */
export type Options = Readonly<Record<string, unknown>>;

/** The options as an object. `undefined` gives an empty one. @throws {TypeError} for any other value */
export function optionsObject(options: unknown): Options {
  if (options === undefined) return Object.create(null) as Options;
  if (options === null || (typeof options !== "object" && typeof options !== "function"))
    throw new TypeError("The options are not an object");
  return options as Options;
}

/** The same, but values that can be converted to an object are accepted. */
export function coercedOptions(options: unknown): Options {
  if (options === undefined) return Object.create(null) as Options;
  if (options === null) throw new TypeError("Cannot convert null to an object");
  return Object(options) as Options;
}

/** The option if it is one of `values`. @throws {RangeError} for other values */
export function chooseOption<T extends string, F extends string | undefined>(
  options: Options,
  name: string,
  values: readonly T[],
  fallback: F,
): T | F {
  const value = options[name];
  if (value === undefined) return fallback;
  const text = asText(value);
  const found = values.find((one) => one === text);
  if (found === undefined)
    throw new RangeError(`Value ${text} out of range for Intl options property ${name}`);
  return found;
}

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return value === undefined ? undefined : asText(value);
}

export function booleanOption(options: Options, name: string): boolean | undefined {
  const value = options[name];
  return value === undefined ? undefined : Boolean(value);
}

/** A whole number within the bounds, or the fallback for `undefined`. */
export function numberOption<F extends number | undefined>(
  options: Options,
  name: string,
  { from, to, fallback }: { readonly from: number; readonly to: number; readonly fallback: F },
): number | F {
  return wholeNumber(options[name], name, { from, to, fallback });
}

export function wholeNumber<F extends number | undefined>(
  value: unknown,
  name: string,
  { from, to, fallback }: { readonly from: number; readonly to: number; readonly fallback: F },
): number | F {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (number >= from && number <= to) return Math.floor(number);
  throw new RangeError(`${name} value is out of range.`);
}

/** The standard's conversion to a string. */
export function asText(value: unknown): string {
  if (typeof value === "symbol") throw new TypeError("Cannot convert a Symbol value to a string");
  // oxlint-disable-next-line typescript/no-base-to-string -- as the standard has it
  return String(value);
}
