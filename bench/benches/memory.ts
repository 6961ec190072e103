import { setTimeout as delay } from "node:timers/promises";
import type { Bench, BenchRun } from "../bench.ts";
import { startGate } from "../support/gate.ts";
import { openLab } from "../support/lab.ts";
import type { Lab } from "../support/lab.ts";
import { loadOf } from "../support/load.ts";
import { inspectable, measureMemory } from "../support/memory.ts";
import type { Memory } from "../support/memory.ts";
import { fetches, sleeps } from "../support/workflows.ts";
import { resultOf } from "../turns.ts";

/** The memory of the process of API and executor. */
export const memory: Bench = { name: "memory", measure };

/** The maximum number of concurrent instances. */
const live = 64;

async function measure(run: BenchRun): Promise<void> {
  await using lab = await openLab(inspectable);
  const idle = await measureMemory(lab.instance);
  report(run, "idle, before any execution", idle);
  await instances(run, lab);
  await sleepers(run, lab);
  await growth(run, lab);
}

/**
 * Runs batches of executions sequentially: memory that only the first batch adds is a one-time cost, memory
 * that each one adds is a leak.
 */
async function growth(run: BenchRun, lab: Lab): Promise<void> {
  const url = await lab.deploy("fetches", fetches);
  const batch = { quick: 200, usual: 1_500, long: 12_000 }[run.length];
  const body = { payload: { url: `${lab.targetUrl}/count`, sequential: 1, parallel: 0 } };
  for (let number = 1; number <= 3; number++) {
    await loadOf({ url, body, concurrency: 16 }, batch);
    report(
      run,
      `after ${(batch * number).toLocaleString("en-US")} executions`,
      await measureMemory(lab.instance),
    );
  }
}

async function sleepers(run: BenchRun, lab: Lab): Promise<void> {
  const url = await lab.deploy("sleeps", sleeps);
  const counts = { quick: [100], usual: [1_000], long: [1_000, 10_000] }[run.length];
  if (run.length !== "long") run.note("10,000 sleeping executions are measured with --long.");
  const before = await measureMemory(lab.instance);
  let started = 0;
  for (const count of counts) {
    const load = { url: `${url}/send`, body: { payload: { duration: "30d" } }, concurrency: 16 };
    await loadOf(load, count - started);
    started = count;
    await untilSuspended(lab, count);
    const what = `added by ${count.toLocaleString("en-US")} sleeping executions`;
    report(run, what, difference(await measureMemory(lab.instance), before));
  }
}

async function untilSuspended(lab: Lab, count: number): Promise<void> {
  const query = `SELECT count(*) AS n FROM sys_invocation WHERE target_service_key = 'sleeps' AND status = 'suspended'`;
  for (;;) {
    const [row] = await lab.sql<{ readonly n: number }>(query);
    if ((row?.n ?? 0) >= count) return;
    await delay(500);
  }
}

async function instances(run: BenchRun, lab: Lab): Promise<void> {
  const url = await lab.deploy("fetches", fetches);
  await using gate = await startGate();
  const before = await measureMemory(lab.instance);
  const load = {
    url,
    body: { payload: { url: gate.url, sequential: 1, parallel: 0 } },
    concurrency: live,
  };
  const executed = loadOf(load, live);
  await gate.holds(live);
  const more = difference(await measureMemory(lab.instance), before);
  gate.open();
  await executed;
  const each = Object.fromEntries(Object.entries(more).map(([name, value]) => [name, value / live]));
  run.report({ what: `per live instance, of ${live}`, unit: "MB", results: [resultOf("Duranium", [each])] });
}

function report(run: BenchRun, what: string, figures: Memory): void {
  run.report({ what, unit: "MB", results: [resultOf("Duranium", [{ ...figures }])] });
}

function difference(after: Memory, before: Memory): Memory {
  return {
    resident: after.resident - before.resident,
    heap: after.heap - before.heap,
    external: after.external - before.external,
  };
}
