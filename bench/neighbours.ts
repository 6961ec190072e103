/**
 * The noisy-neighbour benchmark: `npm run bench:neighbours` measures the latency of one workflow's executions
 * beside a workflow that uses all resources it can get.
 *
 * Executions arrive at a fixed rate, whether earlier ones have ended or not: first alone, then beside an
 * attack that is repeated after a pause, then again alone and beside it (A B A B). Times are those of the
 * whole HTTP request that executes the workflow and waits for the result. Server and Restate are real;
 * everything runs on this machine.
 *
 *   node bench/neighbours.ts [--rate 20] [--seconds 15] [--side-by-side 1] [--pause 0] [attack…]
 */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { attacks, neighbourSource } from "../test/support/attacks.ts";
import type { Attack } from "../test/support/attacks.ts";
import { deploy } from "../test/support/executions.ts";
import { startInstance } from "../test/support/instance.ts";
import type { ApiAnswer, Instance } from "../test/support/instance.ts";
import { startTarget } from "../test/support/target.ts";
import type { Target } from "../test/support/target.ts";
import { floodRoutes, floods } from "./support/floods.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rate: { type: "string", default: "20" },
    seconds: { type: "string", default: "15" },
    "side-by-side": { type: "string", default: "1" },
    pause: { type: "string", default: "0" },
  },
});
const ratePerSecond = Number(values.rate);
const phaseSeconds = Number(values.seconds);
const attackers = Number(values["side-by-side"]);
const pauseMs = Number(values.pause);

interface Bench {
  readonly instance: Instance;
  readonly target: Target;
}

/** In milliseconds. */
type Times = readonly number[];

async function main(): Promise<void> {
  await using target = await startTarget({ "GET /first": () => 1, "GET /second": () => 2, ...floodRoutes });
  await using instance = await startInstance();
  const bench = { instance, target };
  await deploy(instance, "neighbour", neighbourSource);
  const names = positionals.length === 0 ? [...Object.keys(attacks), ...Object.keys(floods)] : positionals;
  for (const name of names) {
    if (floods[name] === undefined) await deploy(instance, name, attackOf(name).source);
    else await floods[name].prepare(instance);
  }
  await measure(bench, phaseSeconds / 3);
  print(["attack", "executions", "p50", "p99", "max", "p99 / alone", "attacks", "wave p50", "peak memory"]);
  for (const name of names) await compare(bench, name);
}

async function compare(bench: Bench, name: string): Promise<void> {
  const alone: number[] = [];
  const beside: number[] = [];
  const took: number[] = [];
  for (let round = 0; round < 2; round += 1) {
    alone.push(...(await measure(bench, phaseSeconds)));
    beside.push(...(await measureBeside(bench, { name, took })));
  }
  print(["none", ...summary(alone)]);
  const ratio = `${(quantile(beside, 0.99) / quantile(alone, 0.99)).toFixed(2)}×`;
  print([
    name,
    ...summary(beside),
    ratio,
    String(took.length),
    `${(quantile(took, 0.5) / 1_000).toFixed(1)} s`,
    peakMemory(bench.instance),
  ]);
}

async function measureBeside(
  bench: Bench,
  { name, took }: { readonly name: string; readonly took: number[] },
): Promise<Times> {
  const over = new AbortController();
  const attack = async () => {
    while (!over.signal.aborted) {
      const startedAt = performance.now();
      const flood = floods[name];
      await (flood === undefined ? executeAttack(bench, name) : flood.attack(bench));
      took.push(performance.now() - startedAt);
      await delay(pauseMs);
    }
  };
  const attacking = Array.from({ length: attackers }, attack);
  await delay(200);
  const times = await measure(bench, phaseSeconds);
  over.abort();
  await Promise.all(attacking);
  return times;
}

async function executeAttack({ instance, target }: Bench, name: string): Promise<void> {
  const { failure } = await execute(instance, name, target.url);
  const { code, message } = attackOf(name);
  if (!code.test(failure?.code) || !message.test(failure.message)) {
    throw new Error(`${name} ended with ${JSON.stringify(failure)}`);
  }
}

/** The peak memory of the process. */
function peakMemory({ pid }: Instance): string {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return `${(Number(kilobytes) / 1_024).toFixed(0)} MiB`;
}

/** Sends executions at a fixed rate, however long each takes. */
async function measure(bench: Bench, seconds: number): Promise<Times> {
  const startedAt = performance.now();
  const count = Math.round(seconds * ratePerSecond);
  return await Promise.all(
    Array.from({ length: count }, async (_, number) => {
      await delay(Math.max(0, startedAt + (number * 1_000) / ratePerSecond - performance.now()));
      return await executeOnce(bench, number);
    }),
  );
}

async function executeOnce({ instance, target }: Bench, number: number): Promise<number> {
  const startedAt = performance.now();
  const { result } = await execute(instance, "neighbour", { url: target.url, number });
  const elapsedMs = performance.now() - startedAt;
  if (JSON.stringify(result) !== JSON.stringify([1, 2, number])) {
    throw new Error(`a neighbour ended with ${JSON.stringify(result)}`);
  }
  return elapsedMs;
}

/** A single request that waits, because polling would add load. */
async function execute(instance: Instance, workflow: string, payload: unknown): Promise<ApiAnswer["body"]> {
  const headers = { prefer: "wait=120" };
  const { body } = await instance.request("POST", `/workflows/${workflow}/execute`, {
    headers,
    body: payload,
  });
  return body;
}

function attackOf(name: string): Attack {
  const attack = attacks[name];
  if (attack === undefined)
    throw new Error(
      `Unknown attack "${name}". Attacks: ${[...Object.keys(attacks), ...Object.keys(floods)].join(", ")}`,
    );
  return attack;
}

function summary(times: Times): readonly string[] {
  const ms = (portion: number) => `${quantile(times, portion).toFixed(0)} ms`;
  return [String(times.length), ms(0.5), ms(0.99), ms(1)];
}

function quantile(times: Times, portion: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(portion * sorted.length) - 1)] ?? Number.NaN;
}

function print(cells: readonly string[]): void {
  const [first = "", ...others] = cells;
  process.stdout.write(`${first.padEnd(22)}${others.map((cell) => cell.padStart(12)).join("")}\n`);
}

await main();
