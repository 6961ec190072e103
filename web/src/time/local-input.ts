/** For an input, which knows no zone: `2026-01-31T09:30`. */
export function localInput(iso: string | undefined): string {
  if (iso === undefined) return "";
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What such an input holds, as ISO 8601; `undefined` where that is no time. */
export function isoOfInput(local: string): string | undefined {
  const at = Date.parse(local);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
