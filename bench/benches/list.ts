import type { Bench, BenchRun } from "../bench.ts";
import { openLab } from "../support/lab.ts";
import type { Lab } from "../support/lab.ts";
import { loadOf } from "../support/load.ts";
import { fetches } from "../support/workflows.ts";
import { inTurns, repeated, timeFigures, timed } from "../turns.ts";
import type { Contender } from "../turns.ts";

/** The latency of lists of executions, by the number of executions. */
export const list: Bench = { name: "list", measure };

/** One in this many executions belongs to the workflow that is listed alone. */
const share = 10;

async function measure(run: BenchRun): Promise<void> {
  await using lab = await openLab();
  const many = await lab.deploy("many", fetches);
  const few = await lab.deploy("few", fetches);
  const retained = { quick: [200], usual: [100, 1_000], long: [100, 1_000, 10_000, 50_000] }[run.length];
  if (run.length !== "long") run.note("50,000 retained executions are measured with --long.");
  let made = 0;
  for (const count of retained) {
    await make(few, (count - made) / share);
    await make(many, (count - made) * (1 - 1 / share));
    made = count;
    const results = await inTurns(run.length === "quick" ? 1 : 3, [
      lookAt(lab, "GET /executions", "/executions"),
      lookAt(lab, "GET /executions?workflow=few", "/executions?workflow=few"),
    ]);
    run.report({ what: `${count.toLocaleString("en-US")} executions retained`, unit: "ms", results });
  }
}

/** Creates executions that end immediately. */
async function make(url: string, count: number): Promise<void> {
  await loadOf({ url, body: { payload: { url: "", sequential: 0, parallel: 0 } }, concurrency: 32 }, count);
}

function lookAt({ instance }: Lab, name: string, path: string): Contender {
  const look = async () => {
    const { status } = await instance.request("GET", path);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
  };
  return { name: `Duranium, ${name}`, round: async () => timeFigures(await repeated(10, () => timed(look))) };
}
