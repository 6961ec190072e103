/**
 * `Date.parse` of texts whose format ECMA-262 leaves to implementations, compatible with V8. Without a zone, the
 * time is in UTC.
 *
 * Words before the first number and text in parentheses are ignored. A number before a colon, and those after it,
 * are the time. All other numbers are the day, the month and the year.
 */
import { DateTokens, type DateToken } from "./date-tokens.ts";

const isHour = (value: number): boolean => value <= 23;
const isUpTo59 = (value: number): boolean => value <= 59;
const isDay = (value: number): boolean => value >= 1 && value <= 31;
const isMonth = (value: number): boolean => value >= 1 && value <= 12;
const isYear = (value: number): boolean => Math.abs(value) <= 2 ** 30;

/** Milliseconds since 1970, possibly outside of the range of a `Date`. `NaN` if the text is not a date. */
export function parseDateText(text: string): number {
  const reading = new DateReading();
  const tokens = new DateTokens(text);
  if (!reading.takeIsoForm(tokens)) return Number.NaN;
  while (tokens.peeked.kind !== "end") if (!reading.take(tokens.next(), tokens)) return Number.NaN;
  return reading.finish();
}

class DateReading {
  /** Day, month and year, in the order of the text. */
  readonly #date: number[] = [];
  /** Hours, minutes, seconds, milliseconds. */
  readonly #time: number[] = [];
  #month: number | undefined;
  #hoursAdded: number | undefined;
  #zone: { readonly sign: number; readonly hours?: number; readonly minutes?: number } | undefined;
  #hasNumber = false;
  #isIso = false;

  /**
   * Reads a start in ISO 8601 format: a year of four digits, or of six digits with a sign. The rest may have
   * another format, unless it starts with a T.
   *
   * @returns `false` if the text is not a date
   */
  takeIsoForm(tokens: DateTokens): boolean {
    const year = tokens.takeYear();
    if (year === undefined) return true;
    this.#hasNumber = true;
    this.#date.push(year);
    for (const isPart of [isMonth, isDay]) {
      if (!tokens.skip("-")) break;
      const part = tokens.takeDigits(2, isPart);
      if (part === undefined) return true;
      this.#date.push(part);
    }
    const isTime = tokens.peeked.kind === "t";
    this.#isIso = isTime || tokens.peeked.kind === "end";
    return !isTime || this.#takeIsoTime(tokens);
  }

  /** @returns `false` if the text is not a date */
  take(token: DateToken, tokens: DateTokens): boolean {
    if (token.kind === "number") {
      this.#hasNumber = true;
      return this.#takeNumber(token.value, tokens);
    }
    if (token.kind === "symbol") return this.#takeSymbol(token.symbol, tokens);
    return token.kind === "space" || token.kind === "other" || this.#takeWord(token, tokens);
  }

  finish(): number {
    const day = this.#finishDate();
    const time = this.#finishTime();
    if (day === undefined || time === undefined) return Number.NaN;
    const { sign, hours = 0, minutes = 0 } = this.#zone ?? { sign: 1 };
    return day + time - sign * (hours * 60 + minutes) * 60_000;
  }

  #takeIsoTime(tokens: DateTokens): boolean {
    tokens.next();
    const hours = tokens.takeDigits(2, (value) => value <= 24);
    const minutes = hours !== undefined && tokens.skip(":") ? tokens.takeDigits(2, isUpTo59) : undefined;
    if (hours === undefined || minutes === undefined) return false;
    this.#time.push(hours, minutes);
    if (tokens.skip(":")) {
      const seconds = tokens.takeDigits(2, isUpTo59);
      if (seconds === undefined) return false;
      this.#time.push(seconds);
      if (tokens.skip(".") && !this.#addFraction(tokens)) return false;
    }
    return this.#takeIsoZone(tokens) && tokens.peeked.kind === "end";
  }

  #takeIsoZone(tokens: DateTokens): boolean {
    const { peeked } = tokens;
    if (peeked.kind === "zone" && peeked.length === 1) return this.#takeWord(tokens.next(), tokens);
    const sign = tokens.skip("+") ? 1 : tokens.skip("-") ? -1 : undefined;
    if (sign === undefined) return true;
    const both = tokens.takeDigits(4, (value) => isHour(Math.trunc(value / 100)) && isUpTo59(value % 100));
    const hours = both === undefined ? tokens.takeDigits(2, isHour) : Math.trunc(both / 100);
    if (hours === undefined || (both === undefined && !tokens.skip(":"))) return false;
    const minutes = both === undefined ? tokens.takeDigits(2, isUpTo59) : both % 100;
    if (minutes === undefined) return false;
    this.#zone = { sign, hours, minutes };
    return true;
  }

  #takeNumber(value: number, tokens: DateTokens): boolean {
    if (tokens.skip(":")) {
      if (!tokens.skip(":")) return this.#addTime(value);
      return this.#time.length === 0 && this.#addTime(value) && this.#addTime(0);
    }
    if (tokens.skip(".") && this.#expectsTime(value))
      return this.#addTime(value) && this.#addFraction(tokens);
    if (this.#expectsZoneMinutes(value)) {
      this.#zone = { ...this.#zone, sign: this.#zone?.sign ?? 1, minutes: value };
      return true;
    }
    if (this.#expectsTime(value)) {
      this.#endTime(value);
      return mayFollowTime(tokens.peeked);
    }
    if (this.#date.push(value) > 3) return false;
    tokens.skip("-");
    return true;
  }

  #takeSymbol(symbol: string, tokens: DateTokens): boolean {
    const isSign = symbol === "+" || symbol === "-";
    const { sign, hours, minutes } = this.#zone ?? {};
    const isUtc = sign !== undefined && hours === 0 && minutes === 0;
    if (isSign && (isUtc || this.#time.length > 0)) return this.#takeOffset(symbol, tokens);
    return !(isSign || symbol === ")") || !this.#hasNumber;
  }

  #takeOffset(symbol: string, tokens: DateTokens): boolean {
    const sign = symbol === "+" ? 1 : -1;
    let [value, length] = [0, 0];
    if (tokens.peeked.kind === "number") {
      ({ value, length } = tokens.peeked);
      tokens.next();
    }
    this.#hasNumber = true;
    const { peeked } = tokens;
    if (peeked.kind === "symbol" && peeked.symbol === ":") this.#zone = { sign, hours: value };
    else if (length === 1 || length === 2) this.#zone = { sign, hours: value, minutes: 0 };
    else if (length === 3 || length === 4)
      this.#zone = { sign, hours: Math.trunc(value / 100), minutes: value % 100 };
    else return false;
    return true;
  }

  #takeWord(token: DateToken, tokens: DateTokens): boolean {
    if (token.kind === "half" && this.#time.length > 0) this.#hoursAdded = token.value;
    else if (token.kind === "month") {
      this.#month = token.value;
      tokens.skip("-");
    } else if (token.kind === "zone" && this.#hasNumber) {
      this.#zone = { sign: Math.sign(token.value) || 1, hours: Math.abs(token.value), minutes: 0 };
    } else return !this.#hasNumber && tokens.peeked.kind !== "number";
    return true;
  }

  #expectsTime(value: number): boolean {
    const { length } = this.#time;
    return ((length === 1 || length === 2) && isUpTo59(value)) || (length === 3 && value < 1000);
  }

  #expectsZoneMinutes(value: number): boolean {
    return this.#zone?.hours !== undefined && this.#zone.minutes === undefined && isUpTo59(value);
  }

  #addTime(value: number): boolean {
    return this.#time.length < 4 && this.#time.push(value) > 0;
  }

  #endTime(value: number): void {
    this.#time.push(value);
    while (this.#time.length < 4) this.#time.push(0);
  }

  #addFraction(tokens: DateTokens): boolean {
    const token = tokens.next();
    if (token.kind !== "number") return false;
    const length = Math.min(token.length, 9);
    this.#endTime(Math.trunc(token.value * 10 ** (3 - length)));
    return true;
  }

  #finishDate(): number | undefined {
    if (this.#date.length === 0) return undefined;
    const [first, second = 1, third = 1] = this.#date as [number, number?, number?];
    const [year, month, day] = this.#inOrder(first, second, third);
    if (!isYear(year) || !isMonth(month) || !isDay(day)) return undefined;
    return dayOf(year, month, day);
  }

  #inOrder(first: number, second: number, third: number): [year: number, month: number, day: number] {
    if (this.#isIso) return [first, second, third];
    if (this.#month !== undefined)
      return isDay(first) ? [inCentury(second), this.#month, first] : [inCentury(first), this.#month, second];
    return isDay(first) ? [inCentury(third), first, second] : [inCentury(first), second, third];
  }

  #finishTime(): number | undefined {
    let [hours = 0, minutes = 0, seconds = 0, ms = 0] = this.#time;
    if (this.#hoursAdded !== undefined) {
      if (hours > 12) return undefined;
      hours = (hours % 12) + this.#hoursAdded;
    }
    const isMidnight = hours === 24 && minutes === 0 && seconds === 0 && ms === 0;
    const isTime = isHour(hours) && isUpTo59(minutes) && isUpTo59(seconds) && ms < 1000;
    return isTime || isMidnight ? ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms : undefined;
  }
}

/** The full year of a year with two digits. */
function inCentury(year: number): number {
  if (year < 0) return year;
  return year < 50 ? year + 2000 : year < 100 ? year + 1900 : year;
}

function dayOf(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

function mayFollowTime(token: DateToken): boolean {
  if (token.kind === "symbol") return token.symbol === "+" || token.symbol === "-";
  return token.kind === "end" || token.kind === "space" || (token.kind === "zone" && token.length === 1);
}
