import { countFor } from "../bench.ts";
import type { Bench, BenchRun } from "../bench.ts";
import { median } from "../statistics.ts";
import { openLab } from "../support/lab.ts";
import { loadOf } from "../support/load.ts";
import { fetches } from "../support/workflows.ts";
import { inTurns } from "../turns.ts";
import type { Contender } from "../turns.ts";

/** What one of many operations costs that are asked for at once, in one execution. */
export const fanOut: Bench = { name: "fan-out", measure };

/** How many operations, and how many executions of that make a round. */
const widths: readonly { readonly operations: number; readonly executions: number }[] = [
  { operations: 1, executions: 60 },
  { operations: 10, executions: 30 },
  { operations: 100, executions: 6 },
  { operations: 1_000, executions: 2 },
];

async function measure(run: BenchRun): Promise<void> {
  const rounds = countFor(run.length, { quick: 1, usual: 3 });
  await using lab = await openLab();
  const ours = await lab.deploy("fetches", fetches);
  const url = `${lab.targetUrl}/count`;
  for (const { operations, executions } of widths) {
    const body = { payload: { url, sequential: 0, parallel: operations } };
    const contender = (name: string, address: string): Contender => ({
      name,
      async round() {
        const times = await loadOf({ url: address, body, concurrency: 1 }, executions);
        return { each: median(times) / operations };
      },
    });
    const contenders = [contender("ours", ours), contender("bare handler", lab.bare("execute"))];
    const results = await inTurns(rounds, contenders);
    run.report({ what: `${operations} at once`, unit: "ms for each operation", results });
  }
}
