import { Histogram } from "prom-client";
import type { EndedAttempt } from "../host/driver/ended-attempt.ts";

/** A histogram of the fuel of executions that ended on this process, by outcome. */
export interface FuelMeter {
  readonly metric: Histogram;
  count(ended: Pick<EndedAttempt, "outcome" | "fuelUsed">): void;
}

/** From a trivial workflow to the default limit. */
const buckets = [1e6, 1e7, 1e8, 1e9, 1e10, 1e11];

export function createFuelMeter(): FuelMeter {
  const metric = new Histogram({
    name: "duranium_execution_fuel_units",
    help: "Fuel consumed by executions completed on this process",
    labelNames: ["outcome"],
    buckets,
    registers: [],
  });
  return { metric, count: ({ outcome, fuelUsed }) => metric.observe({ outcome }, fuelUsed) };
}
