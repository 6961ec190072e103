/**
 * A locale's date formats, tabulated from the current Node: the pattern of every combination of fields. A pattern
 * is literal text with fields in braces. `{M}` is a field with the requested width, `{M:2}` one that always has two
 * digits, and `{M#4}` one that uses the fourth of the locale's lists of names.
 */
type Options = Intl.DateTimeFormatOptions;
type Part = { readonly type: string; readonly value: string };

const textWidths = ["narrow", "short", "long"] as const;
const digitWidths = ["numeric", "2-digit"] as const;

const none = undefined;
const day = 86_400_000;
/** Sunday, 2 March 2025, 03:04:05.678: the numbers have one and two digits, and all differ. */
const probe = Date.UTC(2025, 2, 2, 3, 4, 5, 678);

export interface DateData {
  /**
   * Lists of names, each joined by "|": months, weekdays, eras, and day periods (by hour, then exact noon and
   * midnight).
   */
  readonly names: readonly string[];
  /** Names of months, weekdays, eras and day periods with the requested width: indices of `names`, by width. */
  readonly months: readonly number[];
  readonly standaloneMonths: readonly number[];
  readonly weekdays: readonly number[];
  readonly standaloneWeekdays: readonly number[];
  readonly eras: readonly number[];
  readonly dayPeriods: readonly number[];
  readonly patterns: readonly string[];
  /** One character for each combination of date fields, followed by a count if it is repeated. */
  readonly dates: string;
  readonly times: string;
  /** Combinations of the weekday and the time. The pattern is empty if they are joined like a date and a time. */
  readonly weekdayTimes: string;
  /** The patterns that join date and time by style, for fields and for styles. */
  readonly joins: readonly string[];
  readonly styleJoins: readonly string[];
  readonly dateStyles: readonly string[];
  readonly timeStyles: readonly string[];
  /**
   * Patterns of ranges by the first difference: year, month or day; half of the day, hour, minute or second. The
   * format is that of `ranges`.
   */
  readonly dateRanges: readonly string[];
  readonly timeRanges: readonly string[];
  /** The separator between two instants that are written in full. */
  readonly rangeSeparator: string;
  readonly hourCycle: string;
  /** The hour cycle of `hour12: true`. */
  readonly hour12: string;
  readonly digits: string;
  readonly calendar: string;
}

function dateCombinations(): readonly Options[] {
  const all: Options[] = [];
  for (const weekday of [none, ...textWidths])
    for (const era of [none, ...textWidths])
      for (const year of [none, ...digitWidths])
        for (const month of [none, ...digitWidths, ...textWidths])
          for (const day of [none, ...digitWidths]) all.push({ weekday, era, year, month, day });
  return all;
}

function timeCombinations(): readonly Options[] {
  const all: Options[] = [];
  for (const hourCycle of ["h12", "h23"] as const)
    for (const dayPeriod of [none, ...textWidths])
      for (const hour of [none, ...digitWidths])
        for (const minute of [none, ...digitWidths])
          for (const second of [none, ...digitWidths])
            for (const fractionalSecondDigits of [none, 2] as const)
              for (const timeZoneName of [none, "short"] as const)
                all.push({
                  hourCycle,
                  dayPeriod,
                  hour,
                  minute,
                  second,
                  fractionalSecondDigits,
                  timeZoneName,
                });
  return all;
}

function weekdayTimeCombinations(): readonly Options[] {
  const all: Options[] = [];
  for (const weekday of textWidths)
    for (const hourCycle of ["h12", "h23"] as const)
      for (const hour of digitWidths)
        for (const minute of [none, ...digitWidths])
          for (const second of [none, ...digitWidths]) all.push({ weekday, hourCycle, hour, minute, second });
  return all;
}

/** The combinations that have range patterns: without an era, named day periods and fractional seconds. */
function dateRangeCombinations(): readonly Options[] {
  return dateCombinations().filter(({ era }) => era === undefined);
}

function timeRangeCombinations(): readonly Options[] {
  return timeCombinations().filter(
    ({ dayPeriod, fractionalSecondDigits }) =>
      dayPeriod === undefined && fractionalSecondDigits === undefined,
  );
}

/** The ends of ranges that start at the probe. */
const dateEnds = [
  Date.UTC(2027, 4, 7, 3, 4, 5),
  Date.UTC(2025, 4, 8, 3, 4, 5),
  Date.UTC(2025, 2, 6, 3, 4, 5),
];
const timeEnds = [
  Date.UTC(2025, 2, 2, 16, 6, 7),
  Date.UTC(2025, 2, 2, 8, 6, 7),
  Date.UTC(2025, 2, 2, 3, 6, 7),
  Date.UTC(2025, 2, 2, 3, 4, 7),
];

export function tabulateDates(locale: string): DateData {
  return new DateTabulator(locale).tabulate();
}

class DateTabulator {
  readonly #locale: string;
  readonly #names: string[] = [];
  readonly #patterns: string[] = [];
  #digits = "";
  #months: readonly number[] = [];
  #standaloneMonths: readonly number[] = [];
  #weekdays: readonly number[] = [];
  #standaloneWeekdays: readonly number[] = [];
  #eras: readonly number[] = [];
  #dayPeriods: readonly number[] = [];

  constructor(locale: string) {
    this.#locale = locale;
  }

  tabulate(): DateData {
    const { hourCycle = "h23", calendar } = new Intl.DateTimeFormat(this.#locale, {
      hour: "numeric",
    }).resolvedOptions();
    const hour12 = new Intl.DateTimeFormat(this.#locale, { hour: "numeric", hour12: true }).resolvedOptions()
      .hourCycle;
    this.#digits = digitsOf(this.#locale);
    this.#months = textWidths.map((month) => this.#monthNames({ month, day: "numeric" }));
    this.#standaloneMonths = textWidths.map((month) => this.#monthNames({ month }));
    this.#weekdays = textWidths.map((weekday) =>
      this.#weekdayNames({ weekday, day: "numeric", month: "long" }),
    );
    this.#standaloneWeekdays = textWidths.map((weekday) => this.#weekdayNames({ weekday }));
    this.#eras = textWidths.map((era) => this.#eraNames({ era, year: "numeric" }));
    this.#dayPeriods = textWidths.map((dayPeriod) =>
      this.#periodNames({ dayPeriod, hour: "numeric", hourCycle: "h12" }),
    );
    const dates = this.#table(dateCombinations());
    const times = this.#table(timeCombinations());
    return {
      names: this.#names,
      months: this.#months,
      standaloneMonths: this.#standaloneMonths,
      weekdays: this.#weekdays,
      standaloneWeekdays: this.#standaloneWeekdays,
      eras: this.#eras,
      dayPeriods: this.#dayPeriods,
      patterns: this.#patterns,
      dates,
      times,
      weekdayTimes: this.#weekdayTimes(),
      joins: this.#joins(),
      ...this.#styles(),
      ...this.#ranges(),
      hourCycle,
      hour12: hour12 ?? "h12",
      digits: this.#digits,
      calendar,
    };
  }

  #table(combinations: readonly Options[]): string {
    const indices = combinations.map((options) => this.#indexOfPattern(this.#pattern(options)));
    return runLengths(indices.map((index) => String.fromCodePoint(0x3b + index)));
  }

  #indexOfPattern(pattern: string): number {
    const found = this.#patterns.indexOf(pattern);
    return found < 0 ? this.#patterns.push(pattern) - 1 : found;
  }

  #format(options: Options): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(this.#locale, { timeZone: "UTC", ...options });
  }

  /** The pattern of those fields. Without fields it is empty. */
  #pattern(options: Options): string {
    const { hourCycle: _, ...fields } = options;
    if (Object.values(fields).every((value) => value === undefined)) return "";
    const { weekday, ...others } = options;
    if (weekday !== undefined && isFatal(this.#locale, options)) return `{E}, ${this.#pattern(others)}`;
    const formatter = this.#format(options);
    return formatter
      .formatToParts(probe)
      .map((part) => this.#token(part, formatter, options))
      .join("");
  }

  #token(part: Part, formatter: Intl.DateTimeFormat, options: Options): string {
    const value = this.#latin(part.value);
    switch (part.type) {
      case "literal":
        return part.value;
      case "era":
        return named("G", vectorOf(formatter, part.type, eraTimes), options.era, this.#eras, this.#names);
      case "year":
        return sized("y", value === "25" || value === "68", options.year);
      case "month":
        return this.#monthToken(value, formatter, options);
      case "day":
        return sized("d", value === "02", options.day);
      case "weekday":
        return this.#weekdayToken(formatter, options);
      case "dayPeriod":
        return this.#periodToken(formatter, options);
      case "hour":
        return sized("h", value === "03", options.hour);
      case "minute":
        return sized("m", value === "04", options.minute);
      case "second":
        return sized("s", value === "05", options.second);
      case "fractionalSecond":
        return "{S}";
      case "timeZoneName":
        return "{z}";
      default:
        throw new Error(`${this.#locale}: part ${part.type} in ${JSON.stringify(options)}`);
    }
  }

  #monthToken(value: string, formatter: Intl.DateTimeFormat, { month }: Options): string {
    if (/^\d+$/.test(value)) return sized("M", value === "03", month);
    const names = vectorOf(formatter, "month", monthTimes);
    const width = textWidths.indexOf(month as "long");
    if (names === this.#names[this.#months[width] ?? -1]) return "{M}";
    if (names === this.#names[this.#standaloneMonths[width] ?? -1]) return "{L}";
    return `{M#${indexIn(this.#names, names)}}`;
  }

  #weekdayToken(formatter: Intl.DateTimeFormat, { weekday }: Options): string {
    const names = vectorOf(formatter, "weekday", weekdayTimes);
    const width = textWidths.indexOf(weekday as "long");
    if (names === this.#names[this.#weekdays[width] ?? -1]) return "{E}";
    if (names === this.#names[this.#standaloneWeekdays[width] ?? -1]) return "{c}";
    return `{E#${indexIn(this.#names, names)}}`;
  }

  #periodToken(formatter: Intl.DateTimeFormat, { dayPeriod }: Options): string {
    return named(
      "B",
      vectorOf(formatter, "dayPeriod", periodTimes),
      dayPeriod,
      this.#dayPeriods,
      this.#names,
    );
  }

  #monthNames(options: Options): number {
    return indexIn(this.#names, vectorOf(this.#format(options), "month", monthTimes));
  }

  #weekdayNames(options: Options): number {
    return indexIn(this.#names, vectorOf(this.#format(options), "weekday", weekdayTimes));
  }

  #eraNames(options: Options): number {
    return indexIn(this.#names, vectorOf(this.#format(options), "era", eraTimes));
  }

  #periodNames(options: Options): number {
    return indexIn(this.#names, vectorOf(this.#format(options), "dayPeriod", periodTimes));
  }

  #weekdayTimes(): string {
    const join = this.#joins()[3] ?? "";
    const patterns = weekdayTimeCombinations().map(({ weekday, ...time }) => {
      const pattern = this.#pattern({ weekday, ...time });
      const joined = join.replace("{1}", this.#pattern({ weekday })).replace("{0}", this.#pattern(time));
      return pattern === joined ? "" : pattern;
    });
    return runLengths(patterns.map((pattern) => String.fromCodePoint(0x3b + this.#indexOfPattern(pattern))));
  }

  /** Full, long, medium and short, selected by the form of the month and the presence of a weekday. */
  #joins(): string[] {
    const numeric = { year: "numeric", day: "numeric" } as const;
    const dates: Options[] = [
      { weekday: "long", month: "long", ...numeric },
      { month: "long", ...numeric },
      { month: "short", ...numeric },
      { month: "numeric", ...numeric },
    ];
    const time = { hour: "numeric", minute: "numeric", hourCycle: "h23" } as const;
    return dates.map((date) =>
      this.#joint(this.#pattern({ ...date, ...time }), this.#pattern(date), this.#pattern(time)),
    );
  }

  #joint(whole: string, date: string, time: string): string {
    const joint = whole.replace(date, "{1}").replace(time, "{0}");
    if (!joint.includes("{1}") || !joint.includes("{0}"))
      throw new Error(`${this.#locale}: cannot find "${date}" and "${time}" in "${whole}"`);
    return joint;
  }

  /**
   * Styles use the hour cycle of the locale. With another hour cycle, the fields of a style are formatted as if
   * they were requested individually.
   */
  #styles(): Pick<DateData, "dateStyles" | "timeStyles" | "styleJoins"> {
    const styles = ["full", "long", "medium", "short"] as const;
    const timeStyle = "short";
    return {
      dateStyles: styles.map((dateStyle) => this.#pattern({ dateStyle })),
      timeStyles: styles.map((timeStyle) => this.#pattern({ timeStyle })),
      styleJoins: styles.map((dateStyle) =>
        this.#joint(
          this.#pattern({ dateStyle, timeStyle }),
          this.#pattern({ dateStyle }),
          this.#pattern({ timeStyle }),
        ),
      ),
    };
  }

  /**
   * Patterns in which `<`, `>` and `=` mean that the following part belongs to the start, to the end, or to both.
   * The pattern is empty if both are written in full with the separator between them.
   */
  #ranges(): Pick<DateData, "dateRanges" | "timeRanges" | "rangeSeparator"> {
    const { value: separator = "" } =
      this.#format({
        era: "short",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
      })
        .formatRangeToParts(probe, dateEnds[0] ?? 0)
        .find(({ source, type }) => source === "shared" && type === "literal") ?? {};
    const table = (combinations: readonly Options[], end: number): string => {
      const patterns = combinations.map((options) => this.#rangePattern(options, end, separator));
      return runLengths(
        patterns.map((pattern) => String.fromCodePoint(0x3b + this.#indexOfPattern(pattern))),
      );
    };
    return {
      dateRanges: dateEnds.map((end) => table(dateRangeCombinations(), end)),
      timeRanges: timeEnds.map((end) => table(timeRangeCombinations(), end)),
      rangeSeparator: separator,
    };
  }

  #rangePattern(options: Options, end: number, separator: string): string {
    const single = this.#pattern(options);
    if (single === "") return "";
    const parts = this.#format(options).formatRangeToParts(probe, end);
    let source = "";
    let pattern = "";
    for (const part of parts) {
      if (part.source !== source)
        pattern += { startRange: "<", endRange: ">", shared: "=" }[part.source] ?? "";
      source = part.source;
      pattern += this.#rangeToken(part, options, source === "endRange" ? end : probe);
    }
    return pattern === `<${single}=${separator}>${single}` ? "" : pattern;
  }

  #rangeToken(part: Part, options: Options, at: number): string {
    const value = this.#latin(part.value);
    const date = new Date(at);
    const two = (number: number): boolean => value === String(number).padStart(2, "0");
    const list = (
      letter: string,
      index: number,
      width: string | undefined,
      ...choices: (readonly [string, readonly number[]])[]
    ): string => {
      const isThat = (names: number | undefined): boolean =>
        this.#names[names ?? -1]?.split("|")[index] === part.value;
      for (const [token, lists] of choices)
        if (isThat(lists[textWidths.indexOf(width as "long")])) return `{${token}}`;
      const found = this.#names.findIndex((_, names) => isThat(names));
      if (found < 0)
        throw new Error(`${this.#locale}: "${part.value}" in a range of ${JSON.stringify(options)}`);
      return `{${letter}#${found}}`;
    };
    switch (part.type) {
      case "literal":
        return part.value;
      case "era":
        return list("G", 1, options.era, ["G", this.#eras]);
      case "year":
        return sized("y", value.length === 2, options.year);
      case "month":
        if (/^\d+$/.test(value)) return sized("M", two(date.getUTCMonth() + 1), options.month);
        return list(
          "M",
          date.getUTCMonth(),
          options.month,
          ["M", this.#months],
          ["L", this.#standaloneMonths],
        );
      case "day":
        return sized("d", two(date.getUTCDate()), options.day);
      case "weekday":
        return list(
          "E",
          date.getUTCDay(),
          options.weekday,
          ["E", this.#weekdays],
          ["c", this.#standaloneWeekdays],
        );
      case "dayPeriod":
        return list("B", date.getUTCHours(), options.dayPeriod, ["B", this.#dayPeriods]);
      case "hour":
        return sized(
          "h",
          /^0\d|^1[0-9]/.test(value) ? value.startsWith("0") || this.#isTwo(options) : false,
          options.hour,
        );
      case "minute":
        return sized("m", two(date.getUTCMinutes()), options.minute);
      case "second":
        return sized("s", two(date.getUTCSeconds()), options.second);
      case "timeZoneName":
        return "{z}";
      default:
        throw new Error(`${this.#locale}: part ${part.type} in a range`);
    }
  }

  /** True if hours have two digits, which a time of 16 o'clock cannot show. */
  #isTwo(options: Options): boolean {
    return (
      this.#pattern(options).includes("{h:2}") ||
      (options.hour === "2-digit" && this.#pattern(options).includes("{h}"))
    );
  }

  #latin(text: string): string {
    return text.replace(/./gu, (character) => {
      const digit = Array.from(this.#digits).indexOf(character);
      return digit < 0 ? character : String(digit);
    });
  }
}

/** True if `formatToParts` crashes the current Node, because the pattern has a field that it does not support. */
function isFatal(locale: string, { era, year, month, day }: Options): boolean {
  const isNumeric = (digitWidths as readonly unknown[]).includes(month);
  return locale === "de-CH" && isNumeric && [era, year, day].every((field) => field !== undefined);
}

const monthTimes = Array.from({ length: 12 }, (_, month) => Date.UTC(2025, month, 15, 3, 4, 5));
const weekdayTimes = Array.from({ length: 7 }, (_, index) => Date.UTC(2025, 2, 2, 3, 4, 5) + index * day);
const eraTimes = [Date.UTC(-50, 2, 2), Date.UTC(2025, 2, 2)];
/** Half past each hour, then exact noon and midnight. */
const periodTimes = [
  ...Array.from({ length: 24 }, (_, hour) => Date.UTC(2025, 2, 2, hour, 30, 30)),
  Date.UTC(2025, 2, 2, 12),
  Date.UTC(2025, 2, 2, 0),
];

function vectorOf(formatter: Intl.DateTimeFormat, type: string, times: readonly number[]): string {
  return times
    .map((time) => formatter.formatToParts(time).find((part) => part.type === type)?.value ?? "")
    .join("|");
}

function indexIn(list: string[], value: string): number {
  const found = list.indexOf(value);
  return found < 0 ? list.push(value) - 1 : found;
}

function named(
  letter: string,
  names: string,
  asked: string | undefined,
  byWidth: readonly number[],
  lists: string[],
): string {
  const width = textWidths.indexOf(asked as "long");
  if (width >= 0 && lists[byWidth[width] ?? -1] === names) return `{${letter}}`;
  return `{${letter}#${indexIn(lists, names)}}`;
}

function sized(letter: string, hasTwo: boolean, asked: string | undefined): string {
  if (asked === (hasTwo ? "2-digit" : "numeric")) return `{${letter}}`;
  return `{${letter}:${hasTwo ? 2 : 1}}`;
}

function runLengths(characters: readonly string[]): string {
  let text = "";
  for (let index = 0; index < characters.length;) {
    let end = index;
    while (characters[end] === characters[index]) end += 1;
    text += characters[index] + (end - index > 1 ? String(end - index) : "");
    index = end;
  }
  return text;
}

function digitsOf(locale: string): string {
  return new Intl.NumberFormat(locale, { useGrouping: false, minimumIntegerDigits: 10 }).format(123_456_789);
}
