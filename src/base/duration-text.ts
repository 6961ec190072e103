const unitsMs = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** A duration in at most two units: `21 ms`, `1.42 s`, `3 min 5 s`, `2 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return "0 ms";
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${trimmed(ms / 1_000)} s`;
  const place = unitsMs.findIndex(([, unitMs]) => ms >= unitMs - 500);
  const [large, small] = [unitsMs[place], unitsMs[place + 1]];
  if (large === undefined || small === undefined) return `${Math.round(ms / 1_000)} s`;
  const smallUnits = Math.round(ms / small[1]);
  const perLarge = large[1] / small[1];
  const [whole, rest] = [Math.floor(smallUnits / perLarge), smallUnits % perLarge];
  return rest === 0 ? `${whole} ${large[0]}` : `${whole} ${large[0]} ${rest} ${small[0]}`;
}

/** At most one decimal, two below ten. */
function trimmed(value: number): string {
  return value < 10 ? value.toFixed(2).replace(/\.?0+$/, "") : value.toFixed(1).replace(/\.0$/, "");
}
