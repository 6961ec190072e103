import { parseDuration } from "#base/duration.ts";

/** A duration as typed, `90s`, `15m`, `1h30m` or `2d`, in ISO 8601. Other texts stay as they are, for the API to judge. */
export function isoDuration(text: string): string {
  const typed = text.trim();
  const parts = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?:in)?)?(?:(\d+(?:\.\d+)?)s)?$/i.exec(
    typed.replaceAll(" ", ""),
  );
  if (parts === null || typed === "") return typed;
  const [, days, hours, minutes, seconds] = parts;
  const time = [
    hours === undefined ? "" : `${hours}H`,
    minutes === undefined ? "" : `${minutes}M`,
    seconds === undefined ? "" : `${seconds}S`,
  ].join("");
  return `P${days === undefined ? "" : `${days}D`}${time === "" ? "" : `T${time}`}`;
}

/** A duration as people type it: `PT1M30S` as `1m30s`. What cannot be parsed stays as it is. */
export function shortDuration(duration: string): string {
  let rest = parseDuration(duration);
  if (!(rest >= 1)) return duration;
  const parts = shortUnits.map(([unit, ms]) => {
    const amount = Math.floor(rest / ms);
    rest -= amount * ms;
    return amount === 0 ? "" : `${amount}${unit}`;
  });
  return parts.join("");
}

const shortUnits = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

const units = [
  ["W", "week"],
  ["D", "day"],
  ["H", "hour"],
  ["M", "minute"],
  ["S", "second"],
] as const;

/** `PT1H30M` and `1h30m` as `1 hour 30 minutes`. Other texts stay as they are. */
export function durationText(duration: string): string {
  const text = duration.toUpperCase().replace(/^P/, "").replace("T", "");
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([WDHMS])/g)];
  if (parts.map(([all]) => all).join("") !== text || parts.length === 0) return duration;
  return parts
    .map(([, number = "", unit = ""]) => {
      const name = units.find(([letter]) => letter === unit)?.[1] ?? unit;
      return `${number} ${name}${number === "1" ? "" : "s"}`;
    })
    .join(" ");
}
