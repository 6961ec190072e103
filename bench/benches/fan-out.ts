import { countFor } from "../bench.ts";
import type { Bench, BenchRun } from "../bench.ts";
import { median } from "../statistics.ts";
import { openLab } from "../support/lab.ts";
import { loadOf } from "../support/load.ts";
import { fetches } from "../support/workflows.ts";
import { inTurns } from "../turns.ts";
import type { Contender } from "../turns.ts";

/** The cost of one operation among many concurrent ones in an execution. */
export const fanOut: Bench = { name: "fan-out", measure };

/** The number of operations, and the number of such executions in a round. */
const widths: readonly { readonly operations: number; readonly executions: number }[] = [
  { operations: 1, executions: 60 },
  { operations: 10, executions: 30 },
  { operations: 100, executions: 6 },
  { operations: 1_000, executions: 2 },
];

async function measure(run: BenchRun): Promise<void> {
  const rounds = countFor(run.length, { quick: 1, usual: 3 });
  await using lab = await openLab();
  const executeUrl = await lab.deploy("fetches", fetches);
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
    const contenders = [contender("Duranium", executeUrl), contender("bare handler", lab.bare("execute"))];
    const results = await inTurns(rounds, contenders);
    run.report({ what: `${operations} concurrent operations`, unit: "ms per operation", results });
  }
}
