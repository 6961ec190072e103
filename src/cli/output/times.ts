/** A time of the API in the local time zone. */
export function localTime(timestamp: string | undefined): string {
  if (timestamp === undefined) return "";
  const time = new Date(timestamp);
  if (Number.isNaN(time.getTime())) return "?";
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19).replace("T", " ");
}
