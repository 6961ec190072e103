import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";

/**
 * `npm run verify:migration -- --workflows 200 --versions 2000`: the long form of the migration's test. Ends with a
 * report, and with exit code 1 if something was lost or wrong.
 */
const { values } = parseArgs({
  options: {
    workflows: { type: "string", default: "200" },
    versions: { type: "string", default: "2000" },
    executions: { type: "string", default: "300" },
    "sleep-seconds": { type: "string", default: "180" },
  },
});

const { wrong, ...figures } = await runCampaign({
  workflows: Number(values.workflows),
  versions: Number(values.versions),
  inFlight: Number(values.executions),
  sleepMs: Number(values["sleep-seconds"]) * 1_000,
  print: (line) => void process.stdout.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
for (const problem of wrong.slice(0, 50)) process.stdout.write(`wrong: ${problem}\n`);
process.stdout.write(`wrong ${wrong.length}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
