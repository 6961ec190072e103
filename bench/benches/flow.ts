import { setTimeout as delay } from "node:timers/promises";
import { countFor } from "../bench.ts";
import type { Bench, BenchRun, Length } from "../bench.ts";
import { handlerContender } from "../support/handler-load.ts";
import { openLab } from "../support/lab.ts";
import type { Lab } from "../support/lab.ts";
import type { Window } from "../support/load.ts";
import { inspectable } from "../support/memory.ts";
import { readProcessorTimes } from "../support/processor-time.ts";
import { fetches, nothing } from "../support/workflows.ts";
import type { Fetches } from "../support/workflows.ts";
import { inTurns, resultOf, timed } from "../turns.ts";
import { measureQueued } from "./queued.ts";

/** Flow control and schedules: what a limit costs, many schedules at one instant, and many queued executions. */
export const flow: Bench = { name: "flow", measure };

async function measure(run: BenchRun): Promise<void> {
  await using lab = await openLab(inspectable);
  await limits(run, lab);
  await schedules(run, lab);
  await measureQueued(run, lab);
}

/** Limits that are never reached. */
const limited = [
  { name: "no limit", id: "unlimited", settings: {} },
  { name: "concurrency, total", id: "total", settings: { flow: { concurrency: { total: 1_000 } } } },
  {
    name: "concurrency, per key",
    id: "per-key",
    settings: { flow: { concurrency: { perKey: 1_000, key: "/url" } } },
  },
  {
    name: "rate",
    id: "rate",
    settings: { flow: { rateLimit: { limit: 100_000, period: "PT1S", burst: 10_000 } } },
  },
];

/** What a limit costs an execution without a fetch, and a rate of a host one with a fetch. */
async function limits(run: BenchRun, lab: Lab): Promise<void> {
  const rate = { limit: 100_000, period: "PT1S", burst: 10_000 };
  const hosted = [
    { name: "1 fetch, no limit", id: "free-host", settings: {} },
    {
      name: "1 fetch, rate of the host",
      id: "rated-host",
      settings: { egress: { rate: { [new URL(lab.targetUrl).hostname]: rate } } },
    },
  ];
  const groups = [
    { what: "no fetch", sequential: 0, workflows: limited },
    { what: "1 fetch", sequential: 1, workflows: hosted },
  ];
  for (const { id, settings } of [...limited, ...hosted]) {
    await lab.deploy(id, fetches);
    await put(lab, `/workflows/${id}/settings`, settings);
  }
  const rounds = countFor(run.length, { quick: 1, usual: 3 });
  for (const { what, sequential, workflows } of groups) {
    const payload: Fetches = { url: `${lab.targetUrl}/count`, sequential, parallel: 0 };
    for (const concurrency of [1, 32]) {
      const contenders = workflows.map(({ name, id }) => {
        const url = `${lab.instance.restateIngressUrl}/Workflow/${id}/execute`;
        const load = { url, body: { payload }, concurrency };
        return handlerContender(lab, { name, pid: lab.instance.pid, load }, windowFor(run.length));
      });
      const results = await inTurns(rounds, contenders);
      run.report({ what: `${what}, concurrency ${concurrency}`, unit: "rate in 1/s, else ms", results });
    }
  }
}

function windowFor(length: Length): Window {
  return length === "quick" ? { rampMs: 100, measuredMs: 400 } : { rampMs: 300, measuredMs: 2_000 };
}

/** Schedules that all fire at one instant, and the idle cost of as many that do not fire. */
async function schedules(run: BenchRun, lab: Lab): Promise<void> {
  const count = countFor(run.length, { quick: 50, usual: 1_000 });
  const idleMs = countFor(run.length, { quick: 1_000, usual: 60_000 });
  await lab.deploy("scheduled", nothing);
  const without = await idleCost(lab, idleMs);
  const defineMs = await timed(async () => await putSchedules(lab, count, { every: "P300D" }));
  const idle = await idleCost(lab, idleMs);
  const results = [resultOf("with schedules", [idle]), resultOf("without schedules", [without])];
  run.report({ what: `${count} schedules that do not fire`, unit: "CPU in ms per minute", results });
  const at = Math.ceil(Date.now() + 3_000 + 2 * defineMs);
  await putSchedules(lab, count, { at: [new Date(at).toISOString()] });
  if (Date.now() >= at) throw new Error("Cannot measure schedules: defining them took too long");
  const before = await cpu(lab);
  await delay(at - Date.now());
  const { completed, latestMs } = await untilScheduled(lab, count, at);
  const after = await cpu(lab);
  const figures = {
    completed,
    "latest start": latestMs,
    cpu: (after.own - before.own) / count,
    restate: (after.restate - before.restate) / count,
  };
  const fired = [resultOf("Duranium", [figures])];
  run.report({
    what: `${count} schedules that fire at one instant`,
    unit: "ms, CPU per execution",
    results: fired,
  });
}

async function putSchedules(lab: Lab, count: number, spec: object): Promise<void> {
  const left = Array.from({ length: count }, (_, index) => `bench-${index}`);
  const work = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop())
      await put(lab, `/schedules/${id}`, { workflowId: "scheduled", spec });
  };
  await Promise.all(Array.from({ length: 8 }, work));
}

/** Waits until all have ended, at most two minutes. */
async function untilScheduled(
  lab: Lab,
  count: number,
  at: number,
): Promise<{ readonly completed: number; readonly latestMs: number }> {
  const query = `SELECT count(*) AS n, CAST(MAX(running_at) AS BIGINT) AS latest FROM sys_invocation
    WHERE target_service_name = 'Workflow' AND target_service_key = 'scheduled'
    AND target_handler_name = 'execute' AND status = 'completed'`;
  for (;;) {
    const [row] = await lab.sql<{ readonly n: number; readonly latest?: number }>(query);
    const completed = row?.n ?? 0;
    const isOver = completed >= count || Date.now() > at + 120_000;
    if (isOver) return { completed, latestMs: (row?.latest ?? Number.NaN) - at };
    await delay(250);
  }
}

async function idleCost(
  lab: Lab,
  idleMs: number,
): Promise<{ readonly cpu: number; readonly restate: number }> {
  const before = await cpu(lab);
  await delay(idleMs);
  const after = await cpu(lab);
  const perMinute = 60_000 / idleMs;
  return {
    cpu: (after.own - before.own) * perMinute,
    restate: (after.restate - before.restate) * perMinute,
  };
}

async function cpu({ instance }: Lab): Promise<{ readonly own: number; readonly restate: number }> {
  const times = await readProcessorTimes(instance.pid);
  return { own: times?.own ?? Number.NaN, restate: times?.descendants ?? Number.NaN };
}

async function put({ instance }: Lab, path: string, body: object): Promise<void> {
  const answer = await instance.request("PUT", path, { body });
  if (answer.status >= 300)
    throw new Error(`PUT ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}
