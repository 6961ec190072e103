/**
 * The transitions of every time zone, taken from the current Node's ICU: offsets are found by bisection of the
 * output of `Intl.DateTimeFormat`, so that the tables agree with the implementation that they are compared with.
 *
 * A zone is one line of text: `types|transitions|rule`. A type is `offset in seconds`, `:` and the key of its name.
 * A transition is the number of seconds since the previous one (for the first one, since 1800) in base 36, `.` and
 * its type. The rule describes the changes in each year from a given one on, in a local time that is the given
 * number of seconds ahead of UTC: `year;seconds;change;change`. A change is month, day, weekday, seconds of the day
 * and type. It occurs on the first such weekday on or after that day.
 */
export interface ZoneTables {
  /** Lower-case names that `timeZone` accepts, and the names that they resolve to. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly zones: Readonly<Record<string, string>>;
  /** By key: a zone, and an instant at which that name applies to it. */
  readonly nameProbes: readonly { readonly zone: string; readonly at: number }[];
}

const start = Date.UTC(1800, 0, 1);
const end = Date.UTC(2140, 0, 1);
/** The last year for which the changes of zones that follow Ramadan are predicted. */
const lastYearOfPredictions = 2090;
const nameLocales = ["en", "de", "fr", "ja", "en-AU", "en-GB", "es", "zh"];

interface Period {
  readonly from: number;
  readonly offset: number;
  readonly names: string;
}

export function tabulateZones(candidates: readonly string[]): ZoneTables {
  const aliases: Record<string, string> = {};
  const zones: Record<string, string> = {};
  const nameProbes: { zone: string; at: number }[] = [];
  const keys = new Map<string, number>([["", 0]]);
  nameProbes.push({ zone: "Etc/GMT+1", at: 0 });
  const keyOf = (names: string, zone: string, at: number): number => {
    const known = keys.get(names);
    if (known !== undefined) return known;
    keys.set(names, nameProbes.length);
    return nameProbes.push({ zone, at }) - 1;
  };
  for (const name of candidates) {
    const resolved = resolve(name);
    if (resolved === undefined) continue;
    aliases[name.toLowerCase()] = resolved;
    zones[resolved] ??= encode(resolved, findPeriods(resolved), (period, at) =>
      keyOf(period.names, resolved, at),
    );
  }
  return { aliases, zones, nameProbes };
}

function resolve(timeZone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function findPeriods(timeZone: string): readonly Period[] {
  const look = observer(timeZone);
  const periods: Period[] = [{ from: start, ...look(start) }];
  const last = (): Period => periods.at(-1) ?? { from: start, offset: 0, names: "" };
  const isSame = (a: Omit<Period, "from">): boolean => a.offset === last().offset && a.names === last().names;
  for (let at = start, next = at; at < end; at = next) {
    next = Math.min(end, at + step);
    while (!isSame(look(next))) {
      let [low, high] = [Math.max(at, last().from), next];
      while (high - low > 1_000) {
        const middle = Math.floor((low + high) / 2_000) * 1_000;
        if (isSame(look(middle))) low = middle;
        else high = middle;
      }
      periods.push({ from: high, ...look(high) });
    }
  }
  return periods;
}

/** In milliseconds. Some periods last for a week. `test/guest/time-zones.test.ts` fails if one is missed. */
const step = 5 * 86_400_000;

/** Observes a zone at an instant. Names that only state the offset do not count as names. */
function observer(timeZone: string): (at: number) => Omit<Period, "from"> {
  const offsets = formatter("en", timeZone, "longOffset");
  const names = nameLocales.flatMap((locale) => [
    formatter(locale, timeZone, "long"),
    formatter(locale, timeZone, "short"),
  ]);
  const cache = new Map<number, Omit<Period, "from">>();
  return (at) => {
    const known = cache.get(at);
    if (known !== undefined) return known;
    const all = names.map((name) => zoneName(name, at));
    const isNamed = all.some((name) => name !== "GMT" && !/[\d]/.test(name));
    const seen = {
      offset: offsetOf(zoneName(offsets, at)),
      names: isNamed ? all.map(withoutOffset).join("|") : "",
    };
    cache.set(at, seen);
    return seen;
  };
}

export function formatter(
  locale: string,
  timeZone: string,
  timeZoneName: Intl.DateTimeFormatOptions["timeZoneName"],
): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { timeZone, timeZoneName, era: undefined, year: "numeric" });
}

export function zoneName(format: Intl.DateTimeFormat, at: number): string {
  return format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";
}

function withoutOffset(name: string): string {
  return /\d/.test(name) ? "" : name;
}

function offsetOf(text: string): number {
  const [, sign, hours, minutes, seconds = "0"] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  if (hours === undefined) return 0;
  return (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * (sign === "-" ? -1 : 1);
}

function encode(
  zone: string,
  periods: readonly Period[],
  keyOf: (period: Period, at: number) => number,
): string {
  const types: string[] = [];
  const typeOf = (period: Period, until: number): number => {
    const type = `${period.offset}:${keyOf(period, Math.floor((period.from + until) / 2))}`;
    return types.includes(type) ? types.indexOf(type) : types.push(type) - 1;
  };
  const entries = periods.map((period, index) => {
    const until = periods[index + 1]?.from ?? Math.min(end, period.from + 7_889_238_000);
    return { at: period.from / 1_000, type: typeOf(period, until), before: periods[index - 1]?.offset ?? 0 };
  });
  const rule = findRule(zone, entries);
  const kept = rule === undefined ? entries : entries.filter(({ at }) => at < rule.from);
  const transitions = kept.map(({ at, type }, index) => {
    const since = index === 0 ? start / 1_000 : (kept[index - 1]?.at ?? 0);
    return `${(at - since).toString(36)}.${type.toString(36)}`;
  });
  return `${types.join(",")}|${transitions.slice(1).join(" ")}|${rule?.text ?? ""}`;
}

interface Entry {
  readonly at: number;
  readonly type: number;
  readonly before: number;
}

/** A rule that gives all changes, if each of the last years has two. */
function findRule(
  zone: string,
  entries: readonly Entry[],
): { readonly from: number; readonly text: string } | undefined {
  const late = entries.filter(({ at }) => at * 1_000 > Date.UTC(lastYearOfPredictions, 0, 1));
  if (late.length === 0) return undefined;
  for (const shift of new Set([late[0]?.before ?? 0, late[1]?.before ?? 0, 0, 86_400])) {
    const changes = [0, 1].map((half) =>
      changeOf(
        late.filter((_, index) => index % 2 === half),
        shift,
      ),
    );
    const [first, second] = changes;
    if (first !== undefined && second !== undefined) return ruleOf(entries, [first, second], shift);
  }
  throw new Error(`${zone}: ${late.length} transitions after ${lastYearOfPredictions} have no rule`);
}

function ruleOf(
  entries: readonly Entry[],
  changes: readonly Change[],
  shift: number,
): { readonly from: number; readonly text: string } {
  let year = lastYearOfPredictions + 1;
  const isByRule = (year: number): boolean =>
    changes.every((change) => {
      const at = occurrence(change, year) - shift;
      return entries.some((entry) => entry.at === at && entry.type === change.type);
    }) && entries.filter(({ at }) => new Date((at + shift) * 1_000).getUTCFullYear() === year).length === 2;
  while (isByRule(year - 1)) year -= 1;
  const texts = changes.map(({ month, day, weekday, seconds, type }) =>
    [month, day, weekday, seconds, type].join(),
  );
  return { from: Date.UTC(year, 0, 1) / 1_000 - shift, text: [year, shift, ...texts].join(";") };
}

interface Change {
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly seconds: number;
  readonly type: number;
}

/**
 * The change in a local time that is `shift` seconds ahead of UTC, or `undefined` if the entries follow no rule in
 * it.
 */
function changeOf(entries: readonly Entry[], shift: number): Change | undefined {
  const dates = entries.map(({ at }) => new Date((at + shift) * 1_000));
  const day = Math.min(...dates.map((date) => date.getUTCDate()));
  const month = unique(dates.map((date) => date.getUTCMonth()));
  const weekday = unique(dates.map((date) => date.getUTCDay()));
  const seconds = unique(dates.map((date) => (date.getTime() % 86_400_000) / 1_000));
  const type = unique(entries.map(({ type }) => type));
  if (month === undefined || weekday === undefined || seconds === undefined || type === undefined)
    return undefined;
  if (dates.some((date) => date.getUTCDate() > day + 6)) return undefined;
  return { month, day, weekday, seconds, type };
}

function unique(values: readonly number[]): number | undefined {
  return new Set(values).size === 1 ? values[0] : undefined;
}

/** In seconds of that local time. */
function occurrence({ month, day, weekday, seconds }: Change, fullYear: number): number {
  const first = new Date(Date.UTC(fullYear, month, day));
  const days = (weekday - first.getUTCDay() + 7) % 7;
  return first.getTime() / 1_000 + days * 86_400 + seconds;
}
