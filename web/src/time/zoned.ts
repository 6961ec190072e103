/** The time zone of the browser. */
export const viewerZone: string = new Intl.DateTimeFormat().resolvedOptions().timeZone;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A time in a zone, with its weekday and date: `Mon 30 Nov, 09:00`. Seconds are shown unless they are zero. */
export function zonedText(at: string, timeZone: string): string {
  const time = new Date(at);
  const withSeconds = time.getUTCSeconds() !== 0;
  const isThisYear = time.getFullYear() === new Date().getFullYear();
  const name = `${timeZone}/${withSeconds}/${isThisYear}`;
  const known =
    formatters.get(name) ??
    new Intl.DateTimeFormat(undefined, {
      timeZone,
      weekday: "short",
      day: "numeric",
      month: "short",
      ...(isThisYear ? {} : { year: "numeric" }),
      hour: "2-digit",
      minute: "2-digit",
      ...(withSeconds ? { second: "2-digit" } : {}),
    });
  formatters.set(name, known);
  return known.format(time);
}

/** The names of all time zones, for suggestions. */
export function timeZoneNames(): readonly string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC")];
}

/** Whether the browser knows a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat(undefined, { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
