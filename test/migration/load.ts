import { setTimeout as delay } from "node:timers/promises";
import type { Caller } from "./caller.ts";
import { deployNext, extraWorkflows, postWebhook, setSecret } from "./population.ts";
import type { Population } from "./population.ts";
import type { Job, Kind } from "./workflow.ts";
import type { World } from "./world.ts";

/** An execution of the campaign. */
export interface Started {
  readonly executionId: string;
  readonly workflow: string;
  readonly job: Job;
}

export interface LoadOptions {
  readonly caller: Caller;
  readonly world: World;
  readonly population: Pick<Population, "workflows" | "labels" | "webhookUrl">;
}

const kindsInFlight = ["sleep", "event", "callback", "loop", "child"] as const satisfies Kind[];

/** Executions that are in flight until the campaign lets them end, or that sleep. */
export async function startInFlight(
  { caller, world, population }: LoadOptions,
  { count, sleepMs }: { readonly count: number; readonly sleepMs: number },
): Promise<readonly Started[]> {
  const started: Started[] = [];
  const { workflows } = population;
  for (let index = 0; index < count; index++) {
    const kind = kindsInFlight[index % kindsInFlight.length] ?? "sleep";
    const workflow = workflows[index % workflows.length] ?? "";
    const child = workflows[(index + 1) % workflows.length] ?? "";
    const ms = kind === "sleep" ? sleepMs : betweenRoundsMs;
    started.push(await start(caller, workflow, { id: `${kind}-${index}`, kind, url: world.url, ms, child }));
  }
  return started;
}

/** Loops are the clock of the campaign: while executions advance, an effect comes this often, times their number. */
const betweenRoundsMs = 500;

export async function startQueued(
  { caller, world }: LoadOptions,
  count: number,
): Promise<readonly { readonly executionId: string; readonly id: string }[]> {
  const queued: { readonly executionId: string; readonly id: string }[] = [];
  for (let index = 0; index < count; index++) {
    const id = `queued-${index}`;
    const payload = { id, url: world.url, ms: 200 };
    queued.push({ executionId: await caller.start(extraWorkflows.queued, payload), id });
  }
  return queued;
}

export async function start(caller: Caller, workflow: string, job: Job): Promise<Started> {
  return { executionId: await caller.start(workflow, job), workflow, job };
}

/** What callers and authors did until they were told to stop. */
export interface Activity {
  readonly started: Started[];
  readonly hooked: string[];
  deploys: number;
  changes: number;
}

/** Executes, deploys and changes settings all the time, also while the installation is down: then the requests wait. */
export async function keepBusy(load: LoadOptions, signal: AbortSignal): Promise<Activity> {
  const activity: Activity = { started: [], hooked: [], deploys: 0, changes: 0 };
  await Promise.all([
    repeat(signal, async (index) => await executeQuickly(load, activity, index)),
    repeat(signal, async (index) => await deployAgain(load, activity, index)),
    repeat(signal, async (index) => await change(load, activity, index)),
  ]);
  return activity;
}

const betweenRequestsMs = 100;

async function repeat(signal: AbortSignal, act: (index: number) => Promise<void>): Promise<void> {
  for (let index = 0; !signal.aborted; index++) {
    await act(index);
    await delay(betweenRequestsMs);
  }
}

async function executeQuickly(
  { caller, world, population: { workflows, webhookUrl } }: LoadOptions,
  activity: Activity,
  index: number,
): Promise<void> {
  const workflow = workflows[index % workflows.length] ?? "";
  const job: Job = { id: `quick-${index}`, kind: "quick", url: world.url, ms: 0 };
  activity.started.push(await start(caller, workflow, job));
  // The other system does not repeat its request.
  const hooked = await postWebhook(webhookUrl, { index }).catch(() => undefined);
  if (hooked !== undefined) activity.hooked.push(hooked);
}

async function deployAgain(
  { caller, population: { workflows, labels } }: LoadOptions,
  activity: Activity,
  index: number,
): Promise<void> {
  const workflow = workflows[index % workflows.length] ?? "";
  await deployNext(caller, workflow, labels.get(workflow) ?? []);
  activity.deploys += 1;
}

/** Deletes and replaces what was copied before, too. */
async function change(
  { caller, world, population: { workflows } }: LoadOptions,
  activity: Activity,
  index: number,
): Promise<void> {
  const workflow = workflows[index % workflows.length] ?? "";
  await setSecret(caller, world, workflow, `value-of-secret-${(index % 3) + 1}`);
  await caller.ask("PUT", `/workflows/${workflow}/secrets/SHORT`, {
    body: { value: "short-lived", hosts: [world.url] },
  });
  const before = workflows[(index + workflows.length - 1) % workflows.length] ?? "";
  if (index > 0) await caller.ask("DELETE", `/workflows/${before}/secrets/SHORT`).catch(() => {});
  await caller.ask("PUT", `/workflows/${workflow}/settings`, { body: { retentionHours: 24 + index } });
  activity.changes += 1;
}
