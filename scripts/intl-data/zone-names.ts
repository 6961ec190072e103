/** The names of time zones in a locale, taken from the current Node. */
import { formatter, zoneName } from "./zones.ts";
import type { ZoneTables } from "./zones.ts";

export interface ZoneNameData {
  /** `GMT{0}` with the sign, the two forms of an offset, and the text for an offset of zero. */
  readonly offset: readonly string[];
  /** By the key of a zone's type. `null` if the name is only the offset. */
  readonly long: readonly (string | null)[];
  readonly short: readonly (string | null)[];
  /**
   * Names that do not depend on summer time, and for each zone, in the order of the tables, the index of its name,
   * or -1.
   */
  readonly generic?: readonly string[];
  readonly longGeneric?: readonly number[];
  readonly shortGeneric?: readonly number[];
}

export function tabulateZoneNames(locale: string, tables: ZoneTables, withGeneric: boolean): ZoneNameData {
  const names = (style: "long" | "short"): (string | null)[] =>
    tables.nameProbes.map(({ zone, at }, index) => {
      if (index === 0) return null;
      const name = zoneName(formatter(locale, zone, style), at);
      return name === zoneName(formatter(locale, zone, `${style}Offset`), at) ? null : name;
    });
  const data = { offset: offsets(locale), long: names("long"), short: names("short") };
  return withGeneric ? { ...data, ...genericNames(locale, Object.keys(tables.zones)) } : data;
}

function genericNames(
  locale: string,
  zones: readonly string[],
): Pick<ZoneNameData, "generic" | "longGeneric" | "shortGeneric"> {
  const generic: string[] = [];
  const at = Date.UTC(2026, 0, 15);
  const indices = (style: "long" | "short"): number[] =>
    zones.map((zone) => {
      const name = zoneName(formatter(locale, zone, `${style}Generic`), at);
      if (name === zoneName(formatter(locale, zone, `${style}Offset`), at)) return -1;
      const known = generic.indexOf(name);
      return known < 0 ? generic.push(name) - 1 : known;
    });
  return { longGeneric: indices("long"), shortGeneric: indices("short"), generic };
}

/** Short and long offsets ahead of and behind UTC, and an offset of zero. */
function offsets(locale: string): string[] {
  const show = (zone: string, style: "shortOffset" | "longOffset"): string =>
    zoneName(formatter(locale, zone, style), 0);
  return [
    show("+03:00", "shortOffset"),
    show("+03:04", "shortOffset"),
    show("-03:00", "shortOffset"),
    show("+03:04", "longOffset"),
    show("-03:04", "longOffset"),
    show("UTC", "shortOffset"),
    show("UTC", "longOffset"),
  ];
}
