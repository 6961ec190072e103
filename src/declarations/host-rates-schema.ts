import { z } from "zod";
import { maxRatedHosts } from "../domain/automation/flow-limits.ts";
import type { HostRates } from "../domain/automation/host-rates.ts";
import { period, slots } from "./flow-schema.ts";

/** The schema of rates of hosts, for the settings of a workflow and for the operator's `DURANIUM_EGRESS_RATE`. */

const hostName = z
  .string()
  .max(253)
  .regex(/^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/, {
    error: ({ input }) =>
      `${JSON.stringify(input)} is no host name: write it in lower case without scheme and port, such as api.example.com`,
  })
  // A rate under another form of an address would limit nothing.
  .refine((host) => URL.parse(`http://${host}/`)?.hostname === host, {
    error: ({ input }) =>
      `${JSON.stringify(input)} is never the host of a URL: write it as \`new URL(…).hostname\` does, such as [2001:db8::1]`,
  });

const hostRate = z
  .strictObject({
    limit: slots.exactOptional().meta({ description: "Requests that start in `period`, evenly spaced" }),
    period: period.exactOptional(),
    burst: slots.exactOptional().meta({ description: "Requests that may start at once. Defaults to 1" }),
    concurrency: slots.exactOptional().meta({ description: "Requests in flight at the same time" }),
  })
  .refine(({ limit, concurrency }) => limit !== undefined || concurrency !== undefined, {
    error: "set `limit` with `period`, `concurrency`, or both",
  })
  .refine(({ limit, period: given, burst }) => {
    const isRated = limit !== undefined;
    return isRated === (given !== undefined) && (isRated || burst === undefined);
  }, "`limit` and `period` belong together, and `burst` needs both");

export const hostRatesSchema = z
  .record(hostName, hostRate)
  .refine((rates) => Object.keys(rates).length <= maxRatedHosts, {
    error: `name ${maxRatedHosts} hosts at most`,
  })
  .meta({
    description:
      "How often hosts are requested, and how many requests are in flight at the same time, by host name. Workflows that " +
      "name the same host share its limits. Fetches that exceed them wait",
    examples: [{ "api.example.com": { limit: 10, period: "1s", concurrency: 2 } }],
  }) satisfies z.ZodType<HostRates>;
