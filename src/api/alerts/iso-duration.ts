/** A duration of ISO 8601 in hours, minutes and seconds: `PT1H30M`. */
export function isoDuration(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  const parts = [
    [Math.floor(seconds / 3_600), "H"],
    [Math.floor(seconds / 60) % 60, "M"],
    [seconds % 60, "S"],
  ] as const;
  const text = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount}${unit}`);
  return text.length === 0 ? "PT0S" : `PT${text.join("")}`;
}
