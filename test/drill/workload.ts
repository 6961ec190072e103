import { setTimeout as delay } from "node:timers/promises";
import * as fc from "fast-check";
import type { ApiAnswer } from "../support/instance.ts";
import { runOne } from "../verify/judged-run.ts";
import type { Judged } from "../verify/judged-run.ts";
import { plansOf } from "../verify/plan.ts";
import { programsOf } from "../verify/program.ts";
import type { Step } from "../verify/program.ts";
import type { RunBench, RunRequest } from "../verify/run.ts";
import { filesOf } from "../verify/source.ts";
import type { Ledger } from "./ledger.ts";

/** What the workload knows of the drill. */
export interface Load extends RunBench {
  readonly ledger: Ledger;
  readonly seed: number;
  /** The number of executions at the same time. */
  readonly concurrency: number;
  /** Milliseconds since the Unix epoch. Nothing is started after it. */
  readonly endAt: number;
  /** Called when a run has ended. */
  readonly onEnd: () => void;
}

/** How many runs share a workflow, and its state. */
const runsPerProgram = 8;

/** Programs are generated in portions: how many a drill needs depends on its machine. */
const portion = 64;

/** Between two deploys, and between two changes, of what is already deployed. */
const betweenDeploysMs = 2_000;
const betweenChangesMs = 700;
const retryMs = 200;

/** The first deploy of each workflow, by its ID. */
export type Deployed = Map<string, Promise<void>>;

/** Deploys the programs of the first runs, so that executions run from the first disturbance on. */
export async function deployFirst(load: Pick<Load, "ledger" | "seed" | "concurrency">): Promise<Deployed> {
  const deployed: Deployed = new Map();
  for (const request of requestsOf(load.seed).take(load.concurrency))
    await deployOnce(load, deployed, request);
  return deployed;
}

async function deployOnce(
  load: Pick<Load, "ledger">,
  deployed: Deployed,
  request: RunRequest,
): Promise<void> {
  const known = deployed.get(request.workflow);
  const deploying = known ?? deployUntilAcknowledged(load, request);
  deployed.set(request.workflow, deploying);
  await deploying;
}

/** How many runs before its first one a program is deployed, so that few runs wait for a deploy. */
const deployedAhead = 2 * runsPerProgram;

/** Executes programs until the time is over, each of which is deployed before its first run. */
export async function runPrograms(load: Load, deployed: Deployed): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  const waiting = requestsOf(load.seed);
  const ahead = requestsOf(load.seed).drop(deployedAhead);
  const deploying: Promise<void>[] = [];
  const lanes = Array.from({ length: load.concurrency }, async () => {
    while (Date.now() < load.endAt) {
      const { value: request } = waiting.next();
      const { value: later = request } = ahead.next();
      deploying.push(deployOnce(load, deployed, later));
      await deployOnce(load, deployed, request);
      judged.push(await runOne(load, request));
      load.onEnd();
    }
  });
  await Promise.all(lanes);
  await Promise.all(deploying);
  return judged;
}

/** Without end, the same ones for the same seed. */
function* requestsOf(seed: number): Generator<RunRequest, never> {
  for (let part = 0; ; part += 1) {
    const programs = programsOf(seed + part, portion);
    const plans = plansOf(seed + part, portion * runsPerProgram);
    for (const [index, plan] of plans.entries()) {
      const place = Math.floor(index / runsPerProgram);
      const program = programs[place];
      if (program === undefined) continue;
      const number = part * portion * runsPerProgram + index;
      yield { number, plan, program, language: "typescript", workflow: workflowOf(part * portion + place) };
    }
  }
}

function workflowOf(number: number): string {
  return `program-${number}`;
}

async function deployUntilAcknowledged(
  { ledger }: Pick<Load, "ledger">,
  { workflow, program }: Pick<RunRequest, "workflow" | "program">,
): Promise<void> {
  for (;;) {
    const answer = await ledger.deploy(workflow, filesOf(program));
    if (answer?.status === 201) return;
    refuse(answer);
    await delay(retryMs);
  }
}

/** A response that does not come from a disturbance. */
function refuse(answer: ApiAnswer | undefined): void {
  if (answer !== undefined && answer.status !== 201 && answer.status < 500)
    throw new Error(`deploy answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** Deploys workflows again while they run, until the time is over. */
export async function redeploy(load: Load): Promise<void> {
  const known = new Map<string, Step>();
  for (const { workflow, program } of requestsOf(load.seed).take(portion * runsPerProgram))
    known.set(workflow, program);
  for (const [which] of fc.sample(fc.tuple(fc.nat()), { seed: load.seed, numRuns: 100_000 })) {
    if (Date.now() > load.endAt) return;
    await delay(betweenDeploysMs);
    const deployed = [...new Set(load.ledger.deploys.map(({ workflow }) => workflow))];
    const workflow = deployed[which % deployed.length];
    const program = workflow === undefined ? undefined : known.get(workflow);
    if (workflow !== undefined && program !== undefined)
      refuse(await load.ledger.deploy(workflow, filesOf(program)));
  }
}

/** Changes settings, secrets and keys, until the time is over. Each change is in the audit log. */
export async function administer({ ledger, endAt }: Load): Promise<void> {
  for (let number = 0; Date.now() < endAt; number += 1) {
    await delay(betweenChangesMs);
    await change(ledger, number).catch(() => {});
  }
}

async function change({ request }: Ledger, number: number): Promise<void> {
  const workflow = `administered-${number % 5}`;
  if (number % 3 === 0) {
    const body = { retention: { hours: 24 + (number % 100) } };
    await request("PUT", `/workflows/${workflow}/settings`, { body });
  } else if (number % 3 === 1) {
    const body = { value: `secret ${number}`, hosts: ["api.example.com"] };
    await request("PUT", `/workflows/${workflow}/secrets/TOKEN`, { body });
  } else {
    const body = { name: `drill ${number}`, permissions: ["executions:run"] };
    const { headers, status } = await request("POST", "/api-keys", { body });
    if (status === 201) await request("DELETE", headers.get("location") ?? "");
  }
}
