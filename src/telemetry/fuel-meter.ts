import { Histogram } from "prom-client";
import type { EndedAttempt } from "../host/driver/ended-attempt.ts";

/** Fuel as Prometheus reads it: of executions that ended in this process, by how they ended. */
export interface FuelMeter {
  readonly metric: Histogram;
  count(ended: Pick<EndedAttempt, "outcome" | "fuelUsed">): void;
}

/** From a workflow that does next to nothing to the most that there is by default. */
const buckets = [1e6, 1e7, 1e8, 1e9, 1e10, 1e11];

export function createFuelMeter(): FuelMeter {
  const metric = new Histogram({
    name: "duranium_execution_fuel_units",
    help: "Fuel of the executions that ended here",
    labelNames: ["outcome"],
    buckets,
    registers: [],
  });
  return { metric, count: ({ outcome, fuelUsed }) => metric.observe({ outcome }, fuelUsed) };
}
