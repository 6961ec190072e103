import { copyFile, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { watchEnds } from "../support/introspection.ts";
import { lookAround } from "../verify/aftermath.ts";
import { countsOf } from "../verify/judged-run.ts";
import type { Counts, Judged } from "../verify/judged-run.ts";
import { startVerifyTarget } from "../verify/target.ts";
import type { VerifyTarget } from "../verify/target.ts";
import { disturbancesOf, planOf } from "./disturbances.ts";
import type { Disturbance } from "./disturbances.ts";
import { createLedger, settle } from "./ledger.ts";
import type { LedgerFindings } from "./ledger.ts";
import { pausesOf } from "./pauses.ts";
import type { Disturbed, Pauses } from "./pauses.ts";
import type { OptionalPart } from "./stores.ts";
import { startTopology } from "./topology.ts";
import type { Topology } from "./topology.ts";
import { administer, deployFirst, redeploy, runPrograms } from "./workload.ts";
import type { Load } from "./workload.ts";

export interface DrillOptions {
  readonly seed: number;
  readonly durationMs: number;
  /** The number of executions at the same time. */
  readonly concurrency: number;
  readonly without: readonly OptionalPart[];
  /** Only the kinds of disturbances that contain this text. */
  readonly only?: string;
  readonly progress?: (line: string) => void;
}

export interface DrillReport {
  readonly counts: Counts;
  /** Executions that did not end, or that are missing in Restate. */
  readonly lost: readonly string[];
  /** Results that no undisturbed run could have, and forbidden effects. */
  readonly wrong: readonly string[];
  readonly ledger: LedgerFindings;
  /** Processes of Duranium that ended and were not killed. */
  readonly crashes: readonly string[];
  readonly disturbances: readonly Disturbed[];
  readonly pauses: readonly Pauses[];
  readonly perSecond: number;
  readonly durationMs: number;
}

export function drillFailed({ lost, wrong, ledger, crashes }: DrillReport): boolean {
  const { lostDeploys, lostAuditLines } = ledger;
  return lost.length + wrong.length + lostDeploys.length + lostAuditLines.length + crashes.length > 0;
}

/** Fewer partitions than in production: a small machine elects their leaders sooner. */
const sizes = { apis: 2, executors: 2, partitions: 12 };

/** Runs random programs on an installation of many parts while they are disturbed, and compares the result with the model. */
export async function runDrill(options: DrillOptions): Promise<DrillReport> {
  const startedAt = Date.now();
  await using target = await startVerifyTarget();
  await using topology = await startTopology({ ...sizes, without: options.without });
  options.progress?.(`started after ${Date.now() - startedAt} ms`);
  const ledger = createLedger(topology.client);
  const instance = { ...topology.client, request: ledger.request };
  const deployed = await deployFirst({ ...options, ledger });
  using ends = watchEnds(instance, 1_000);
  const began = Date.now();
  const load: Load & { lastEnd: number } = {
    ...options,
    instance,
    target,
    ends,
    ledger,
    lastEnd: began,
    endAt: began + options.durationMs,
    onEnd: () => (load.lastEnd = Date.now()),
  };
  const [disturbances, judged] = await Promise.all([
    disturb(topology, load, options),
    runPrograms(load, deployed),
    redeploy(load),
    administer(load),
  ]);
  options.progress?.(`${judged.length} runs ended`);
  await topology.cluster.untilLed();
  const report = await judgeDrill({ topology, target, load, disturbances, judged, began, startedAt });
  if (drillFailed(report)) options.progress?.(`output of all processes: ${await keepOutput(topology)}`);
  return report;
}

interface Ended {
  readonly topology: Topology;
  readonly target: VerifyTarget;
  readonly load: Load;
  readonly disturbances: readonly Disturbed[];
  readonly judged: readonly Judged[];
  readonly began: number;
  readonly startedAt: number;
}

async function judgeDrill({ topology, target, load, ...ended }: Ended): Promise<DrillReport> {
  const { disturbances, judged, began, startedAt } = ended;
  const aftermath = await lookAround(
    load,
    judged.map(({ run }) => run),
    new Map(judged.map(({ run, findings }) => [run.number, findings?.history ?? []])),
  );
  const ledger = await settle(load.ledger, topology.client);
  const times = [...judged.flatMap(({ execution }) => execution ?? []), ...aftermath.children].map(
    ({ completedAt }) => completedAt,
  );
  const within = times.filter((time) => time < load.endAt).length;
  return {
    counts: countsOf(judged, aftermath, target.totals()),
    lost: [...judged.flatMap(({ lost }) => lost ?? []), ...aftermath.lost],
    wrong: [
      ...judged.flatMap(({ wrong }) => wrong),
      ...aftermath.wrong,
      ...target.violations,
      ...ledger.wrong,
    ],
    ledger,
    crashes: [...topology.apis, ...topology.executors].flatMap(({ member }) => member.crashes),
    disturbances,
    pauses: pausesOf(disturbances, times, load.endAt),
    perSecond: within / ((load.endAt - began) / 1_000),
    durationMs: Date.now() - startedAt,
  };
}

/** @returns the folder with what all processes printed */
async function keepOutput({ cluster, apis, executors }: Topology): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "duranium-drill-output-"));
  for (const { member } of [...apis, ...executors])
    await writeFile(join(folder, `${member.name}.log`), member.output());
  for (const { name, logFile } of cluster.nodes) await copyFile(logFile, join(folder, `${name}.log`));
  return folder;
}

/** The interval of the notices to the target that requests may come again, from the first disturbance on. */
const reminderMs = 100;

/** Disturbs one part after the other, each of which works again before the next one is disturbed. */
async function disturb(
  topology: Topology,
  load: Load & { lastEnd: number },
  { seed, only = "", progress }: DrillOptions,
): Promise<readonly Disturbed[]> {
  const disturbed: Disturbed[] = [];
  const reminding = setInterval(() => load.target.disturbed(), reminderMs);
  const chosen = disturbancesOf(topology).filter(({ kind }) => kind.includes(only));
  for (const { disturbance, pauseMs, holdMs } of planOf(chosen, seed)) {
    if (Date.now() + pauseMs + holdMs > load.endAt) break;
    await delay(pauseMs);
    const each = await carryOut(disturbance, holdMs);
    disturbed.push(each);
    load.lastEnd = Date.now();
    const { kind, part, at, until } = each;
    progress?.(`${clock(at - load.endAt)} ${kind}: ${part}, for ${until - at} ms`);
  }
  // What was under way in the last disturbance may still come again.
  reminding.unref();
  return disturbed;
}

async function carryOut(disturbance: Disturbance, holdMs: number): Promise<Disturbed> {
  const { kind, part } = disturbance;
  const at = Date.now();
  await disturbance.begin();
  await delay(holdMs);
  await disturbance.end();
  return { kind, part, at, until: Date.now() };
}

function clock(remainingMs: number): string {
  return `${Math.round(remainingMs / 1_000)} s:`;
}
