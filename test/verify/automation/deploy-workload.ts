import { setTimeout as delay } from "node:timers/promises";
import { deploy } from "../../support/executions.ts";
import type { ApiAnswer, Instance } from "../../support/instance.ts";
import { pool, sleepMs, targetHost } from "./queue-workload.ts";
import type { QueuedCase } from "./queue-workload.ts";
import type { ScheduleCase, Workload } from "./workload.ts";

/** Source of a workflow that does the work of its payload at the target, and reports what it runs. */
function sourceOf(workflow: string, declared: object = {}): string {
  return `
${Object.entries(declared)
  .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
  .join("\n")}
export async function run(ctx, payload) {
  const startedAt = Date.now();
  const works = [payload].flat();
  const [{ url, key = "", workMs, parts = 1, fails = false }] = works;
  const names = works.map(({ name }) => name + (ctx.schedule === undefined ? "" : "/" + ctx.schedule.scheduledAt));
  const report = { execution: ctx.executionId, names, startedAt, workflow: "${workflow}", key, workMs, fails };
  for (let part = 1; part <= parts; part += 1) {
    if (part > 1) await ctx.sleep(${sleepMs});
    const response = await fetch(url + "/work", { method: "POST", body: JSON.stringify({ ...report, part, parts }) });
    if (!response.ok) throw new Error("the target refused part " + part);
    await response.text();
  }
}
`;
}

/** Deploys the workflows with flow control, and sets it. */
export async function deployQueues(instance: Instance, { queues }: Workload): Promise<void> {
  await succeed(instance, "PUT", `/limits/${pool.name}`, pool.limit);
  for (const { workflow, flow, in: place, hostRate } of queues) {
    const isInCode = place === "code" && Object.keys(flow).length > 0;
    await deploy(instance, workflow, sourceOf(workflow, isInCode ? { flow } : {}));
    const settings = {
      ...(place === "settings" ? { flow } : {}),
      ...(hostRate === undefined ? {} : { egress: { rate: { [targetHost]: hostRate } } }),
    };
    if (Object.keys(settings).length > 0)
      await succeed(instance, "PUT", `/workflows/${workflow}/settings`, settings);
  }
}

/** A schedule, and when it was requested and then confirmed: milliseconds since the Unix epoch. */
export interface CreatedSchedule extends ScheduleCase {
  readonly requestedAt: number;
  readonly confirmedAt: number;
}

/** Deploys the scheduled workflows, and creates their schedules: over the API, or by declaring them. */
export async function createSchedules(
  instance: Instance,
  { schedules }: Workload,
  end: { readonly url: string; readonly endAt: number },
): Promise<readonly CreatedSchedule[]> {
  const created: CreatedSchedule[] = [];
  for (const [workflow, cases] of Map.groupBy(schedules, (each) => each.workflow)) {
    const requestedAt = Date.now();
    const declared = cases.filter(({ isDeclared }) => isDeclared).map((each) => declarationOf(each, end));
    await deploy(
      instance,
      workflow,
      sourceOf(workflow, declared.length === 0 ? {} : { schedules: declared }),
    );
    for (const each of cases) created.push(await createSchedule(instance, each, { ...end, requestedAt }));
  }
  return created;
}

async function createSchedule(
  instance: Instance,
  schedule: ScheduleCase,
  { requestedAt, ...end }: { readonly url: string; readonly endAt: number; readonly requestedAt: number },
): Promise<CreatedSchedule> {
  const { id, workflow, isDeclared } = schedule;
  const since = isDeclared ? requestedAt : Date.now();
  if (isDeclared) await untilExists(instance, id);
  else {
    const { spec, ...options } = definitionOf(schedule, end);
    await succeed(instance, "PUT", `/schedules/${id}`, { workflowId: workflow, spec, ...options });
  }
  return { ...schedule, requestedAt: since, confirmedAt: Date.now() };
}

function definitionOf(
  { id, everyMs, as, overlap, workMs }: ScheduleCase,
  { url, endAt }: { readonly url: string; readonly endAt: number },
) {
  const when = as === "every" ? { every: `PT${everyMs / 1_000}S` } : { cron: [cronOf(everyMs / 1_000)] };
  const spec = { ...when, timeZone: "Europe/Berlin", endAt: new Date(endAt).toISOString() };
  return { spec, overlap, payload: { url, name: id, workMs } };
}

function declarationOf(
  schedule: ScheduleCase,
  end: { readonly url: string; readonly endAt: number },
): object {
  const { spec, ...options } = definitionOf(schedule, end);
  return { name: schedule.id.slice(schedule.workflow.length + 1), ...spec, ...options };
}

function cronOf(seconds: number): string {
  return seconds === 60 ? "0 * * * * *" : `*/${seconds} * * * * *`;
}

/** A deploy sends its schedules to their objects, and does not wait for them. */
async function untilExists(instance: Instance, id: string): Promise<void> {
  while ((await instance.request("GET", `/schedules/${id}`)).status === 404) await delay(20);
}

/** Starts a queued execution once, however often the response is lost. */
export async function startQueued(
  { url, request }: { readonly url: string; readonly request: Ask },
  { name, workflow, key, workMs, parts, fate }: QueuedCase,
): Promise<string> {
  const body = { url, name, key, workMs, parts, fails: fate === "retried" };
  const headers = { "idempotency-key": name };
  const answer = await request("POST", `/workflows/${workflow}/execute`, { body, headers });
  if (answer.status !== 202)
    throw new Error(`execute answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.executionId;
}

export type Ask = Instance["request"];

async function succeed(instance: Instance, method: string, path: string, body: unknown): Promise<ApiAnswer> {
  const answer = await instance.request(method, path, { body });
  if (answer.status >= 300)
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}
