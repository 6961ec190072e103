/**
 * Rates of hosts as a workflow's settings (`egress.rate`) or the operator (`DURANIUM_EGRESS_RATE`) write them, by host name:
 * `{ "api.example.com": { limit: 10, period: "1s", concurrency: 2 } }`. They apply to all ports of the host.
 */
export type HostRates = Readonly<Record<string, HostRate>>;

/** Has `limit` and `period`, `concurrency`, or all of them. */
export interface HostRate {
  /** The number of requests that start in `period`, spaced evenly. */
  readonly limit?: number;
  readonly period?: string;
  /** The number of requests that may start at once. Defaults to 1. */
  readonly burst?: number;
  /** The number of requests in flight at the same time. */
  readonly concurrency?: number;
}
