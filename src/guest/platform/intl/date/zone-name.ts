import { intlIndex, requireLocaleData } from "../locale/data.ts";
import type { ZoneNameData } from "./date-data.ts";
import { inDigits } from "../number/digits.ts";
import type { TimeZone } from "./time-zone.ts";

export const zoneNameStyles = [
  "short",
  "long",
  "shortOffset",
  "longOffset",
  "shortGeneric",
  "longGeneric",
] as const;
export type ZoneNameStyle = (typeof zoneNameStyles)[number];

/** The name of a zone in a locale at a time. */
export function zoneName(
  zone: TimeZone,
  time: number,
  {
    style,
    locale,
    numbering,
  }: { readonly style: ZoneNameStyle; readonly locale: string; readonly numbering: string },
): string {
  const data = requireLocaleData<ZoneNameData>("zones", locale);
  const isLong = style.startsWith("long");
  const named = style.endsWith("Offset") ? undefined : nameOf(zone, time, style, data);
  return named ?? offsetText(zone.offsetAt(time), isLong, { formats: data.offset, numbering });
}

function nameOf(zone: TimeZone, time: number, style: ZoneNameStyle, data: ZoneNameData): string | undefined {
  if (style === "short" || style === "long") return data[style][zone.nameAt(time)] ?? undefined;
  const index = intlIndex().zoneOrder.indexOf(zone.name);
  const name = data[style as "longGeneric"]?.[index] ?? -1;
  return data.generic?.[name];
}

/**
 * @param formats the locale's texts for the offsets of +3 hours, +3:04 and -3 in short, of +3:04 and -3:04 in long,
 *   and of zero in short and long
 */
function offsetText(
  offsetMs: number,
  isLong: boolean,
  { formats, numbering }: { readonly formats: readonly string[]; readonly numbering: string },
): string {
  const total = Math.floor(Math.abs(offsetMs) / 1_000);
  const [hours, minutes, seconds] = [Math.floor(total / 3_600), Math.floor(total / 60) % 60, total % 60];
  const latin = formats.map(latinDigits);
  const separator = /\d\d(\D+)\d\d/.exec(latin[3] ?? "")?.[1] ?? ":";
  const below = isLong || minutes > 0 || seconds > 0 ? [minutes, ...(seconds > 0 ? [seconds] : [])] : [];
  const text = [isLong ? two(hours) : String(hours), ...below.map(two)].join(separator);
  const frame = offsetMs < 0 ? latin[isLong ? 4 : 2] : latin[isLong ? 3 : 0];
  return inDigits((frame ?? "").replace(/\d[\d.:]*\d|\d/, text), numbering);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** Converts the digits of any script. Each script's digits are ten consecutive code points. */
function latinDigits(text: string): string {
  return text.replaceAll(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef]/g, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    const zero = [0x660, 0x6f0, 0x966, 0x9e6].find((first) => code >= first && code < first + 10) ?? code;
    return String(code - zero);
  });
}
