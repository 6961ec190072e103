import { expect, test } from "vitest";
import { printWhenFailed } from "../verify/print-when-failed.ts";
import { drillFailed, runDrill } from "./campaign.ts";
import type { DrillOptions } from "./campaign.ts";
import { drillReportOf, repeatedBy } from "./report.ts";
import { missingParts } from "./stores.ts";

/** The first disturbances of this seed are kills of each kind of process, a failover, and a cut network. */
const options: DrillOptions = { seed: 817, durationMs: 36_000, concurrency: 8, without: missingParts() };

test("while nodes, executors, APIs, stores and networks fail, no execution, effect, deploy or audit line is lost", async () => {
  const { without } = options;
  if (process.env["CI"] === "true") expect(without, "servers that CI lacks").toEqual([]);
  if (without.length > 0)
    process.stderr.write(`Left out, as it is not installed here: ${without.join(", ")}\n`);
  printWhenFailed(repeatedBy(options));
  const report = await runDrill(options);
  expect(drillFailed(report), drillReportOf(options, report)).toBe(false);
  expect(report.disturbances.length).toBeGreaterThan(0);
});
