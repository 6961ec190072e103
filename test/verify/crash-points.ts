import { isDeepStrictEqual } from "node:util";
import { setTimeout as delay } from "node:timers/promises";
import { deploy } from "../support/executions.ts";
import { freePorts } from "../support/instance.ts";
import { beginSurely, detailOf, isEnded, killAndRevive, wrongsOf } from "./campaign.ts";
import { executionIds } from "./introspection.ts";
import { startMessageGate } from "./message-gate.ts";
import type { MessageGate } from "./message-gate.ts";
import type { Step } from "./program.ts";
import { sourceOf } from "./source.ts";
import { startVerifyTarget } from "./target.ts";
import type { VerifyTarget } from "./target.ts";
import { replayingIf, startInstallation } from "./victims.ts";
import type { Installation, Victim } from "./victims.ts";

/** Something of everything whose end does not depend on time: two dozen points to crash at. */
export const timelessProgram: Step = {
  do: "inTurn",
  steps: [
    { do: "fetch", answer: "prompt" },
    { do: "sleep", durationMs: 50 },
    {
      do: "all",
      steps: [
        { do: "fetch", answer: "slow" },
        { do: "timer", durationMs: 100 },
      ],
    },
    { do: "catch", step: { do: "fetch", answer: "resets" } },
    { do: "forget", answer: "slow" },
  ],
};

export interface CrashPointOptions {
  /** Without races and failures of its own, so that every execution comes to the same. */
  readonly program: Step;
  readonly victim: Victim;
  /** Whether Restate suspends and replays at every await. */
  readonly replayed: boolean;
  readonly progress?: (line: string) => void;
}

export interface CrashPointReport {
  /** At how many points executions were held, and then killed. */
  readonly points: number;
  /** How many messages the undisturbed execution took: the points that there are. */
  readonly messages: number;
  readonly duplicatedInFlight: number;
  readonly wrong: readonly string[];
}

/**
 * Crashes a program after each message that Restate and the executor exchange for it, which is after each
 * entry of its journal: as many executions as there are such points are held, each at its own, and then all
 * is killed. Result and effects of each are compared with those of an undisturbed execution.
 */
export async function crashEverywhere(options: CrashPointOptions): Promise<CrashPointReport> {
  if (options.victim === "executor")
    throw new Error(
      "Cannot crash an executor apart at a point: the gate stands before the one in the process",
    );
  const [executorPort = 0] = await freePorts(1);
  await using gate = await startMessageGate(executorPort);
  await using target = await startVerifyTarget();
  await using installation = await startInstallation(
    {
      ...replayingIf(options.replayed),
      DURANIUM_EXECUTOR_PORT: String(executorPort),
      DURANIUM_EXECUTOR_URL: gate.url,
    },
    false,
  );
  await deploy(installation.instance, workflow, sourceOf(options.program));
  const bench: Bench = { ...options, gate, target, installation };
  const expected = await endOf(bench, 0, await beginRun(bench, 0));
  const messages = gate.passed();
  let points = 0;
  const wrong = [...expected.wrong];
  for (let first = 1; first <= messages; first += maxHeldAtOnce) {
    const range = { first, last: Math.min(messages, first + maxHeldAtOnce - 1) };
    wrong.push(...(await crashAt(bench, range, expected.value, (held) => (points += held))));
  }
  const { operations, requests } = target.totals();
  return {
    points,
    messages,
    duplicatedInFlight: requests - operations,
    wrong: [...wrong, ...target.violations],
  };
}

interface Bench extends CrashPointOptions {
  readonly gate: MessageGate;
  readonly target: VerifyTarget;
  readonly installation: Installation;
}

const workflow = "crash-points";

/** Each holds an instance of the sandbox, and there are `maxInstances` of those. */
const maxHeldAtOnce = 48;

/** How long Restate gets to write down what it was told before the kill. */
const settleMs = 200;

async function beginRun({ installation, target }: Bench, run: number): Promise<string> {
  return await beginSurely(installation.instance, workflow, { url: target.url, run });
}

interface Points {
  readonly first: number;
  readonly last: number;
}

/** @returns what came out other than `expected`, and what else was wrong */
async function crashAt(
  bench: Bench,
  { first, last }: Points,
  expected: unknown,
  onHeld: (held: number) => void,
): Promise<string[]> {
  const { gate, victim } = bench;
  const runs = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  gate.holdEach(first);
  const begun = await Promise.all(runs.map(async (run) => [run, await beginRun(bench, run)] as const));
  await untilHeldOrEnded(
    bench,
    begun.map(([, id]) => id),
  );
  await delay(settleMs);
  bench.progress?.(`${gate.held()} of ${runs.length} executions are held: killing ${victim}`);
  onHeld(gate.held());
  await killAndRevive(bench, victim, () => gate.open());
  const ends = await Promise.all(begun.map(async ([run, id]) => await endOf(bench, run, id)));
  const others = ends.filter(({ value }) => !isDeepStrictEqual(value, expected));
  return [
    ...ends.flatMap(({ wrong }) => wrong),
    ...others.map(({ where, value }) => `${where}: came to ${JSON.stringify(value)}`),
  ];
}

/** Some end before they are held: how many messages there are depends on what arrives together. */
async function untilHeldOrEnded({ gate, installation }: Bench, ids: readonly string[]): Promise<void> {
  for (;;) {
    const ended = new Set(await executionIds(installation.instance, "status = 'completed'"));
    if (gate.held() + ids.filter((id) => ended.has(id)).length >= ids.length) return;
    await delay(50);
  }
}

interface End {
  readonly where: string;
  readonly value: unknown;
  readonly wrong: readonly string[];
}

async function endOf({ installation, program, target }: Bench, run: number, id: string): Promise<End> {
  const detail = await detailOf(installation.instance, id, isEnded);
  const where = `point ${run} (${id})`;
  const wrong = wrongsOf(program, run, detail, target).map((what) => `${where}: ${what}`);
  return { where, value: detail.result?.value ?? detail.failure, wrong };
}
