import { parseArgs } from "node:util";
import { drillFailed, runDrill } from "./campaign.ts";
import type { DrillOptions } from "./campaign.ts";
import { missingParts, optionalParts } from "./stores.ts";
import type { OptionalPart } from "./stores.ts";
import { drillReportOf, repeatedBy } from "./report.ts";

/**
 * `npm run drill -- --minutes 10 --seed 7`: random workflows, deploys and changes on an installation of several
 * processes of each kind, while their parts are killed and cut off. Its last line is the result, and its exit code is 1
 * where something was lost or wrong.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string" },
    concurrency: { type: "string", default: "16" },
    only: { type: "string" },
    without: { type: "string" },
  },
});

const options: DrillOptions = {
  durationMs: Number(values.minutes) * 60_000,
  seed: Number(values.seed ?? Date.now() % 1_000_000),
  concurrency: Number(values.concurrency),
  without: readParts(values.without),
  ...(values.only === undefined ? {} : { only: values.only }),
  progress: print,
};

try {
  const report = await runDrill(options);
  print(drillReportOf(options, report));
  process.exitCode = drillFailed(report) ? 1 : 0;
} catch (error) {
  print(`failed; again: ${repeatedBy(options)}`);
  throw error;
}

function readParts(given: string | undefined): readonly OptionalPart[] {
  if (given !== undefined) return optionalParts.filter((part) => given.split(",").includes(part));
  const missing = missingParts();
  if (missing.length > 0) print(`left out, because it is not installed: ${missing.join(", ")}`);
  return missing;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
