/** The value of a datetime-local input, which has no time zone: `2026-01-31T09:30`. */
export function localInput(iso: string | undefined): string {
  if (iso === undefined) return "";
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Parses such a value to ISO 8601; `undefined` if it is not a time. */
export function isoOfInput(local: string): string | undefined {
  const at = Date.parse(local);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
