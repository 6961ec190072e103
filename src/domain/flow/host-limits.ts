import { parseDuration } from "../../base/duration.ts";
import type { HostRate, HostRates } from "../automation/host-rates.ts";
import type { QueueLimits, RateLimit } from "./queue-limits.ts";

/** The limits of hosts, by host name. They are journaled, so that each replay queues the same fetches. */
export type HostLimits = Readonly<Record<string, QueueLimits>>;

export function hostLimitsOf(rates: HostRates): HostLimits {
  return Object.fromEntries(Object.entries(rates).map(([host, rate]) => [host, limitsOf(rate)]));
}

/** Durations are valid, because the rates were checked. */
function limitsOf({ limit, period, burst = 1, concurrency }: HostRate): QueueLimits {
  const rate: RateLimit | undefined =
    limit === undefined || period === undefined
      ? undefined
      : { limit, periodMs: Math.ceil(parseDuration(period)), burst };
  return {
    ...(concurrency === undefined ? {} : { total: concurrency }),
    ...(rate === undefined ? {} : { rate }),
  };
}

/** Returns the name under which the host of a URL is limited, or undefined if it has no limits. */
export function limitedHost(url: URL, limits: HostLimits | undefined): string | undefined {
  if (limits === undefined) return undefined;
  // A fully qualified name may end with a dot.
  const host = url.hostname.replace(/\.$/, "");
  return Object.hasOwn(limits, host) ? host : undefined;
}

/** Describes limits for people: `10 per second, 2 at a time`. */
export function limitsText({ total, rate }: QueueLimits): string {
  const parts = [
    ...(rate === undefined ? [] : [`${rate.limit} per ${periodText(rate.periodMs)}`]),
    ...(total === undefined ? [] : [`${total} at a time`]),
  ];
  return parts.join(", ");
}

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

function periodText(ms: number): string {
  for (const [unit, length] of units) {
    if (ms % length === 0) return ms === length ? unit : `${ms / length} ${unit}s`;
  }
  return `${ms} ms`;
}
