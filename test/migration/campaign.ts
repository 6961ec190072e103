import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { untilEnded } from "../support/executions.ts";
import { createInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { startObjectStorage } from "../support/object-storage.ts";
import { startPostgres } from "../support/postgres.ts";
import { bucketEnvironment, runMigrate } from "../support/run-migrate.ts";
import { createCaller, forEachOf, listAll } from "./caller.ts";
import type { Caller } from "./caller.ts";
import { judge, repeatedEffects } from "./judge.ts";
import { keepBusy, start, startInFlight, startQueued } from "./load.ts";
import type { Activity, LoadOptions, Started } from "./load.ts";
import { populate, postWebhook, scheduleId } from "./population.ts";
import type { Population, PopulationSize } from "./population.ts";
import { differencesOf, snapshotOf } from "./snapshot.ts";
import { longestPauseMs, startWorld } from "./world.ts";
import type { World } from "./world.ts";

export interface CampaignOptions extends PopulationSize {
  /** Executions that are in flight during the migration. */
  readonly inFlight: number;
  /** How long those of them sleep that sleep. */
  readonly sleepMs: number;
  readonly print: (line: string) => void;
}

export interface Report {
  /** Nothing should be: executions, versions, rows and settings that are missing or different. */
  readonly wrong: readonly string[];
  readonly populateMs: number;
  /** The first copy, and the second one, while the installation ran. */
  readonly copyMs: readonly number[];
  readonly stopMs: number;
  /** The copy while it was stopped. */
  readonly lastCopyMs: number;
  readonly startMs: number;
  /** The longest time without an effect around the switch. */
  readonly pauseMs: number;
  readonly longestWaitMs: number;
  readonly executions: number;
  readonly versions: number;
  readonly compared: number;
  readonly repeatedEffects: number;
  /** During the migration. */
  readonly deploys: number;
  readonly changes: number;
}

/**
 * Migrates an installation under load from SQLite and files to PostgreSQL and a bucket, as the guide says, and compares: the
 * executions with what they must return, do and print; all else with what the API said before.
 */
export async function runCampaign(options: CampaignOptions): Promise<Report> {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await startWorld());
  const storage = stack.use(await startObjectStorage());
  const database = stack.use(await startPostgres());
  const instance = stack.use(await createInstance());
  await instance.start();
  const caller = createCaller(instance);

  const [population, populateMs] = await timed(async () => await populated(instance, caller, world, options));
  options.print(`populated in ${populateMs} ms`);
  const load: LoadOptions = { caller, world, population };
  const ended = await endedBefore(load, instance);
  const inFlight = await startInFlight(load, { count: options.inFlight, sleepMs: options.sleepMs });
  const queued = await startQueued(load, 20);
  const before = await snapshotOf(caller, stableOf(population), ended);
  const audit = await listAll(caller, "/audit-log");

  const stores = {
    ...bucketEnvironment(storage, await storage.createBucket()),
    DURANIUM_DATABASE_URL: await database.createDatabase(),
    DURANIUM_MASTER_KEY: (await readFile(join(instance.dataDir, "master.key"), "utf8")).trim(),
  };
  const ending = new AbortController();
  const busy = keepBusy(
    { ...load, population: { ...population, workflows: busyOf(population) } },
    ending.signal,
  );
  const switched = await migrate(instance, stores, options.print);
  await delay(afterSwitchMs);
  ending.abort();
  const activity = await busy;
  options.print(`switched, ${activity.started.length} executions and ${activity.deploys} deploys meanwhile`);

  const wrong = differencesOf(before, await snapshotOf(caller, stableOf(population), ended));
  await release(load, inFlight);
  const versions = await executeAllVersions(load);
  const all = [...inFlight, ...activity.started, ...versions];
  return {
    wrong: [
      ...wrong.map((path) => `${path} differs`),
      ...(await judge({ instance, world, population }, all)),
      ...(await otherProblems({ instance, caller, population, world }, { queued, activity, audit })),
    ],
    populateMs,
    ...switched,
    pauseMs: longestPauseMs(world.times, switched.stoppingAt - 2_000, switched.startedAt + afterSwitchMs),
    longestWaitMs: caller.longestWaitMs,
    executions: all.length + queued.length + activity.hooked.length,
    versions: versions.length,
    compared: before.size,
    repeatedEffects: repeatedEffects(world),
    deploys: activity.deploys,
    changes: activity.changes,
  };
}

const afterSwitchMs = 3_000;

async function populated(
  instance: Instance,
  caller: Caller,
  world: World,
  size: PopulationSize,
): Promise<Population> {
  const population = await populate(caller, world, size);
  const response = await fetch(`${instance.url}/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ key: population.validKey }),
  });
  return { ...population, cookie: (response.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "" };
}

/** Workflows that nothing changes after the first snapshot: most of them. */
function stableOf({ workflows }: Population): readonly string[] {
  return workflows.slice(0, -busyCount(workflows));
}

/** Workflows that are deployed and changed during the migration. */
function busyOf({ workflows }: Population): readonly string[] {
  return workflows.slice(-busyCount(workflows));
}

function busyCount(workflows: readonly string[]): number {
  return Math.ceil(workflows.length / 4);
}

/** Executions that have ended before the migration, with lines and recordings. */
async function endedBefore(
  { caller, world, population }: LoadOptions,
  instance: Instance,
): Promise<string[]> {
  const ended: string[] = [];
  for (const workflow of population.workflows.slice(0, 20)) {
    const job = { id: `before-${workflow}`, kind: "quick", url: world.url, ms: 0 } as const;
    const { executionId } = await start(caller, workflow, job);
    await untilEnded(instance, executionId);
    ended.push(executionId);
  }
  return ended;
}

/** The steps of the guide "Migrating without a long pause". */
async function migrate(
  instance: Instance,
  stores: Readonly<Record<string, string>>,
  print: (line: string) => void,
) {
  const environment = { ...stores, DURANIUM_ARTIFACTS_URL: "" };
  const database = [
    "--from",
    `file:${join(instance.dataDir, "duranium.sqlite")}`,
    "--to",
    stores["DURANIUM_DATABASE_URL"] ?? "",
  ];
  const artifacts = [
    "--from",
    join(instance.dataDir, "artifacts"),
    "--to",
    stores["DURANIUM_ARTIFACTS_URL"] ?? "",
  ];
  const copy = async (...options: readonly string[]) => {
    const [printed, ms] = await timed(
      async () =>
        await Promise.all([
          runMigrate([...database, "--delete", ...options], environment),
          runMigrate(artifacts, environment),
        ]),
    );
    print(`copied in ${ms} ms:\n${printed.join("")}`);
    return ms;
  };
  const copyMs = [await copy(), await copy()];
  const stoppingAt = Date.now();
  const [, stopMs] = await timed(async () => await instance.stop());
  const lastCopyMs = await copy("--count-lines");
  const [, startMs] = await timed(async () => await instance.start({ environment: stores }));
  return { copyMs, stopMs, lastCopyMs, startMs, stoppingAt, startedAt: Date.now() };
}

/** Lets the executions end that wait. */
async function release({ caller, world }: LoadOptions, inFlight: readonly Started[]): Promise<void> {
  for (const { executionId, job } of inFlight) {
    if (job.kind === "event") await sendEvent(caller, executionId);
    if (job.kind === "callback") await post(world.callbacks.get(job.id));
    if (job.kind === "child") {
      const { children } = await caller.ask("GET", `/executions/${executionId}`);
      for (const child of children) await sendEvent(caller, child.executionId);
    }
  }
  world.stopLoops();
}

async function sendEvent({ ask }: Caller, executionId: string): Promise<void> {
  await ask("POST", `/executions/${executionId}/events/go`, { body: "sent" });
}

async function post(url: string | undefined): Promise<void> {
  if (url !== undefined)
    await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: '"posted"' });
}

/** Makes each version the current one, and executes it. */
async function executeAllVersions({ caller, world, population }: LoadOptions): Promise<readonly Started[]> {
  const started: Started[] = [];
  await forEachOf(population.workflows, 4, async (workflow) => {
    for (const index of (population.labels.get(workflow) ?? []).keys()) {
      await caller.ask("POST", `/workflows/${workflow}/activate`, { body: { version: index + 1 } });
      const job = { id: `${workflow}-after-${index + 1}`, kind: "quick", url: world.url, ms: 0 } as const;
      started.push(await start(caller, workflow, job));
    }
  });
  return started;
}

interface Known {
  readonly queued: readonly { readonly executionId: string; readonly id: string }[];
  readonly activity: Activity;
  readonly audit: readonly { readonly id?: unknown }[];
}

async function otherProblems(
  {
    instance,
    caller,
    population,
    world,
  }: LoadOptions & { readonly instance: Instance; readonly population: Population },
  { queued, activity, audit }: Known,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const check = (isRight: boolean, problem: string) => void (isRight || problems.push(problem));
  for (const { executionId, id } of queued) {
    const { result } = await untilEnded(instance, executionId);
    check(result === id, `${id} returned ${JSON.stringify(result)}`);
    check(world.effects.get(id)?.size === 2, `${id} has not had its effects`);
  }
  for (const executionId of activity.hooked)
    check((await untilEnded(instance, executionId)).status === "completed", `${executionId} of the webhook`);
  const hooked = await untilEnded(instance, await postWebhook(population.webhookUrl, "after"));
  check(hooked.result?.payload === "after", "the webhook does not execute");
  const session = await fetch(`${instance.url}/session`, { headers: { cookie: population.cookie } });
  check(session.status === 200, `the session answers ${session.status}`);
  for (const [key, expected] of [
    [population.validKey, 200],
    [population.revokedKey, 401],
  ] as const) {
    const { status } = await instance.request("GET", "/workflows", {
      headers: { authorization: `Bearer ${key}` },
    });
    check(status === expected, `a key that should answer ${expected} answers ${status}`);
  }
  const { info } = await caller.ask("GET", `/schedules/${scheduleId}`);
  check(info.missed === 0, `the schedule missed ${info.missed} runs`);
  const entries = await listAll(caller, "/audit-log");
  const known = new Set(entries.map((entry) => JSON.stringify(entry)));
  const lost = audit.filter((entry) => !known.has(JSON.stringify(entry))).length;
  check(lost === 0, `${lost} audit entries were lost`);
  const deploys = entries.filter(({ action }) => action === "deployWorkflow").length;
  const acknowledged = [...population.labels.values()].flat().length;
  check(deploys >= acknowledged, `the audit log has ${deploys} deploys of ${acknowledged}`);
  return problems;
}

async function timed<T>(task: () => Promise<T>): Promise<readonly [T, number]> {
  const begunAt = Date.now();
  const value = await task();
  return [value, Date.now() - begunAt];
}
