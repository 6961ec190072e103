/** The tokens of a date. */
export type DateToken =
  | { readonly kind: "number"; readonly value: number; readonly length: number }
  | { readonly kind: "symbol"; readonly symbol: string }
  | { readonly kind: "month" | "zone"; readonly value: number; readonly length: number }
  | { readonly kind: "half"; readonly value: number }
  /** The T that precedes a time. */
  | { readonly kind: "t" | "space" | "word" | "other" | "end" };

const end: DateToken = { kind: "end" };

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** Offset from UTC in hours. */
const zones: Readonly<Record<string, number>> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  cdt: -5,
  cst: -6,
  edt: -4,
  est: -5,
  mdt: -6,
  mst: -7,
  pdt: -7,
  pst: -8,
};

const space = /\s/;
const digits = /\d+/y;
/** All characters from "A" on count as letters, except spaces. */
const word = /[^\s\0-@]+/y;
const maxSignificantDigits = 9;

export class DateTokens {
  readonly #text: string;
  #at = 0;
  #token: DateToken;

  constructor(text: string) {
    this.#text = text;
    this.#token = this.#scan();
  }

  /** The token that `next` will return. */
  get peeked(): DateToken {
    return this.#token;
  }

  next(): DateToken {
    const token = this.#token;
    this.#token = this.#scan();
    return token;
  }

  /** Takes a number if it is the next token, has that many digits, and is in the range. */
  takeDigits(length: number, isInRange: (value: number) => boolean): number | undefined {
    const token = this.#token;
    if (token.kind !== "number" || token.length !== length || !isInRange(token.value)) return undefined;
    this.next();
    return token.value;
  }

  /**
   * Takes a year of four digits, or of six digits with a sign, if that is the next token. The year -000000 is not
   * valid.
   */
  takeYear(): number | undefined {
    const year = /^[+-]\d{6}(?!\d)|^\d{4}(?!\d)/.exec(this.#text)?.[0];
    if (year === undefined || year === "-000000") return undefined;
    this.next();
    if (year.length > 4) this.next();
    return Number(year);
  }

  /** Takes a symbol if it is the next token. */
  skip(symbol: string): boolean {
    const isNext = this.#token.kind === "symbol" && this.#token.symbol === symbol;
    if (isNext) this.next();
    return isNext;
  }

  #scan(): DateToken {
    const character = this.#text[this.#at];
    if (character === undefined) return end;
    const number = this.#match(digits);
    if (number !== undefined) return numberOf(number);
    const name = this.#match(word);
    if (name !== undefined) return wordOf(name);
    if (character === "(") this.#skipParentheses();
    else this.#at += 1;
    if (":-+.)".includes(character)) return { kind: "symbol", symbol: character };
    return { kind: space.test(character) ? "space" : "other" };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** Parentheses that are never closed extend to the end. */
  #skipParentheses(): void {
    let depth = 0;
    do {
      const character = this.#text[this.#at];
      if (character === "(") depth += 1;
      if (character === ")") depth -= 1;
      this.#at += 1;
    } while (depth > 0 && this.#at < this.#text.length);
  }
}

/** Digits after the first nine significant ones are ignored. */
function numberOf(text: string): DateToken {
  const significant = text.replace(/^0+/, "").slice(0, maxSignificantDigits);
  return { kind: "number", value: Number(significant), length: text.length };
}

function wordOf(text: string): DateToken {
  const prefix = text.slice(0, 3).toLowerCase();
  const month = months.indexOf(prefix) + 1;
  if (month > 0) return { kind: "month", value: month, length: text.length };
  if (text.length > 3) return { kind: "word" };
  if (prefix === "t") return { kind: "t" };
  if (prefix === "am" || prefix === "pm") return { kind: "half", value: prefix === "am" ? 0 : 12 };
  const zone = Object.hasOwn(zones, prefix) ? zones[prefix] : undefined;
  return zone === undefined ? { kind: "word" } : { kind: "zone", value: zone, length: text.length };
}
