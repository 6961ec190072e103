import { createHmac } from "node:crypto";
import type { Caller } from "./caller.ts";
import { forEachOf } from "./caller.ts";
import { sourceOf } from "./workflow.ts";
import type { World } from "./world.ts";

/** What an installation of the campaign has, and what its users know of it. */
export interface Population {
  readonly workflows: readonly string[];
  /** What each version of a workflow calls itself, in the order of the versions. Grows while the campaign deploys. */
  readonly labels: ReadonlyMap<string, string[]>;
  /** A session of the web UI: the value of the header `cookie`. */
  readonly cookie: string;
  readonly validKey: string;
  readonly revokedKey: string;
  readonly webhookUrl: string;
}

/** What one workflow of the installation executes for, beside those with versions. */
export const extraWorkflows = { queued: "queued", hooked: "hooked", scheduled: "scheduled" } as const;

export const scheduleId = "every-second";

/** The secret with which other systems sign their requests to the webhook. */
const signingSecret = "signing-secret";

export interface PopulationSize {
  readonly workflows: number;
  readonly versions: number;
}

const deploysAtOnce = 4;

export async function populate(
  caller: Caller,
  world: World,
  size: PopulationSize,
): Promise<Omit<Population, "cookie">> {
  const { ask } = caller;
  const workflows = Array.from({ length: size.workflows }, (_, index) => `workflow-${index}`);
  const labels = new Map(workflows.map((workflow): [string, string[]] => [workflow, []]));
  world.secrets.add("value-of-secret-1");
  const perWorkflow = Math.ceil(size.versions / size.workflows);
  await forEachOf(workflows, deploysAtOnce, async (workflow) => {
    const own = labels.get(workflow) ?? [];
    while (own.length < perWorkflow) await deployNext(caller, workflow, own);
    await setSecret(caller, world, workflow, "value-of-secret-1");
  });
  for (const workflow of workflows.slice(0, 5)) {
    await ask("PUT", `/workflows/${workflow}/draft`, {
      headers: { "if-none-match": "*" },
      body: { entry: "workflow.ts", files: { "workflow.ts": `${sourceOf("draft")}// draft é` } },
    });
    await ask("PUT", `/workflows/${workflow}/settings`, { body: { retentionHours: 48 } });
    await ask("PUT", `/workflows/${workflow}/secrets/OLD`, {
      body: { value: "old-value", hosts: [world.url] },
    });
  }
  await makeExtraWorkflows(caller, world);
  const { url } = await ask("POST", `/workflows/${extraWorkflows.hooked}/webhooks`, {
    body: { name: "Orders", scheme: "hmac-sha256", secret: signingSecret },
  });
  await ask("PUT", `/schedules/${scheduleId}`, {
    body: { workflowId: extraWorkflows.scheduled, payload: null, spec: { every: "PT1S" }, overlap: "allow" },
  });
  await ask("PUT", "/limits/shared", { body: { total: 3 } });
  const [valid, revoked] = [await createKey(caller, "valid"), await createKey(caller, "revoked")];
  await ask("DELETE", `/api-keys/${revoked.id}`);
  return { workflows, labels, validKey: valid.key, revokedKey: revoked.key, webhookUrl: url };
}

/** Deploys another version. If the request had to be repeated, it may have made two, with the same source. */
export async function deployNext({ ask }: Caller, workflow: string, labels: string[]): Promise<void> {
  const label = `${workflow} v${labels.length + 1}`;
  const deployed = await ask("POST", `/workflows/${workflow}/deploy`, { body: { source: sourceOf(label) } });
  while (labels.length < deployed.version) labels.push(label);
}

export async function setSecret(
  { ask }: Caller,
  world: World,
  workflow: string,
  value: string,
): Promise<void> {
  world.secrets.add(value);
  await ask("PUT", `/workflows/${workflow}/secrets/KEY`, { body: { value, hosts: [world.url] } });
}

async function makeExtraWorkflows({ ask }: Caller, world: World): Promise<void> {
  const { queued, hooked, scheduled } = extraWorkflows;
  const source = `export const flow = { concurrency: { total: 1 } };
    export async function run(ctx, job) {
      await fetch(job.url + "/effects", { method: "POST", body: JSON.stringify({ id: job.id, step: "begins" }), headers: { authorization: "Bearer " + ctx.secrets.KEY } });
      await ctx.sleep(job.ms);
      await fetch(job.url + "/effects", { method: "POST", body: JSON.stringify({ id: job.id, step: "ends" }), headers: { authorization: "Bearer " + ctx.secrets.KEY } });
      return job.id;
    }`;
  await ask("POST", `/workflows/${queued}/deploy`, { body: { source } });
  await ask("PUT", `/workflows/${queued}/secrets/KEY`, {
    body: { value: "value-of-secret-1", hosts: [world.url] },
  });
  for (const workflow of [hooked, scheduled])
    await ask("POST", `/workflows/${workflow}/deploy`, {
      body: { source: "export function run(ctx, payload) { return { payload }; }" },
    });
}

async function createKey(
  { ask }: Caller,
  name: string,
): Promise<{ readonly id: string; readonly key: string }> {
  return await ask("POST", "/api-keys", { body: { name, scopes: ["workflows:read"] } });
}

/** Posts to the webhook as the other system does, and returns the ID of the execution. */
export async function postWebhook(url: string, payload: unknown): Promise<string> {
  const body = JSON.stringify(payload);
  const signature = createHmac("sha256", signingSecret).update(body).digest("hex");
  const headers = { "x-signature": signature, "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body });
  const { executionId } = (await response.json()) as { readonly executionId?: string };
  if (executionId === undefined) throw new Error(`the webhook answered ${response.status}`);
  return executionId;
}
