/**
 * Strict parsers for times. `Date.parse` accepts far more than the standards do: V8 reads `1.5` as a day in January 2001, and
 * `2026-02-30` as the second of March.
 */

const timestampForm =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * Parses a timestamp of RFC 3339 with its time zone.
 *
 * @returns milliseconds since the Unix epoch, or undefined if the text is malformed or the day does not exist
 */
export function parseTimestamp(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction = "", sign, hours = "0", minutes = "0"] =
    timestampForm.exec(text) ?? [];
  if (year === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const time = utcTime([year, month, day, hour, minute, second].map(Number));
  if (time === undefined) return undefined;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
  return time - offsetMs + Math.trunc(Number(`0.${fraction || "0"}`) * 1_000);
}

/** The three forms of RFC 9110, section 5.6.7: IMF-fixdate, RFC 850 and asctime. Days of the week are not compared. */
const httpDateForms = [
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) GMT$/,
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) GMT$/,
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) (?<year>\d{4})$/,
];

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Parses an HTTP date.
 *
 * @param now milliseconds since the Unix epoch. A year of two digits is at most 50 years after it
 * @returns milliseconds since the Unix epoch, or undefined if the text is malformed or the day does not exist
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  for (const form of httpDateForms) {
    const { year = "", month = "", day, hour, minute, second } = form.exec(text)?.groups ?? {};
    if (year === "") continue;
    const fullYear = year.length === 2 ? yearOfTwoDigits(Number(year), now) : Number(year);
    return utcTime([fullYear, months.indexOf(month) + 1, ...[day, hour, minute, second].map(Number)]);
  }
  return undefined;
}

/** @param parts year, month (1 to 12), day, hour, minute, second */
function utcTime(parts: readonly number[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  // POSIX time has no leap seconds, so second 60 counts as second 59.
  return date.setUTCHours(hour, minute, Math.min(second, 59));
}

function yearOfTwoDigits(year: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear();
  const inThisCentury = thisYear - (thisYear % 100) + year;
  return inThisCentury > thisYear + 50 ? inThisCentury - 100 : inThisCentury;
}
