import { formatDuration } from "#base/duration-text.ts";

export function durationOf(ms: number | undefined): string {
  return ms === undefined ? "–" : formatDuration(ms);
}

export function number(value: number): string {
  return value.toLocaleString("en");
}

/** `0 %`, `0.4 %`, `12 %`. */
export function percent(rate: number): string {
  const value = rate * 100;
  return `${value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 })} %`;
}
