/** A duration in its largest useful unit. */
export function durationText(milliseconds: number): string {
  const { value, unit } = inUnit(Math.max(0, milliseconds));
  return `${value < 10 && unit !== "ms" ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** A time of the API in the local time zone. */
export function localTime(timestamp: string | undefined): string {
  if (timestamp === undefined) return "";
  const time = new Date(timestamp);
  if (Number.isNaN(time.getTime())) return "?";
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19).replace("T", " ");
}

const units = [
  ["ms", 1_000],
  ["s", 60],
  ["min", 60],
  ["h", 24],
] as const;

function inUnit(milliseconds: number): { readonly value: number; readonly unit: string } {
  let value = milliseconds;
  for (const [unit, next] of units) {
    if (value < next) return { value, unit };
    value /= next;
  }
  return { value, unit: "d" };
}
