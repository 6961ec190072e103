import { digestOf } from "../../base/sha256.ts";
import { toDuraniumError } from "../../domain/errors.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Turn } from "../../host/guest.ts";
import type { Image } from "../instances/engine-state.ts";
import { createInstance } from "../instances/instance.ts";
import type { Instance, LoadedEngine } from "../instances/instance.ts";
import { answer, bytesOf, imageOf, testContext, textOf } from "./images.ts";

/** Everything that an execution left behind, for comparing two executions of the same workflow. */
export interface Fingerprint {
  readonly workload: string;
  /** The kind of instance that it ran on. */
  readonly on: string;
  /** One line per turn: the calls, and the completion or the error. */
  readonly turns: readonly string[];
  readonly fuelUsed: number;
  readonly memoryPages: number;
  /** SHA-256 of the whole memory. */
  readonly memory: string;
  readonly globals: string;
}

/** Bodies of `run`. Each uses a feature that an engine could implement differently on another machine. */
export const workloads: Readonly<Record<string, string>> = {
  collections: `
    const all = Array.from({ length: 3000 }, (_, i) => ({ id: i, key: "k" + (i * 7919) % 1000, tags: [i % 3, i % 7] }));
    const groups = Object.groupBy(all, ({ key }) => key.slice(-1));
    return Object.entries(groups).map(([key, list]) => [key, list.reduce((sum, { id }) => sum + id, 0)]);`,
  hashing: `
    const objects = Array.from({ length: 2000 }, (_, i) => ({ i }));
    const map = new Map(objects.map((object, i) => [object, i]));
    const set = new Set(objects.map((object, i) => (i % 2 ? object : "s" + i)));
    const weak = new WeakMap(objects.map((object, i) => [object, i]));
    for (let i = 0; i < 2000; i += 3) map.delete(objects[i]);
    let sum = 0;
    for (const [object, i] of map) sum += i * (weak.get(object) + 1) + Number(set.has(object));
    return [sum, map.size, set.size, [...map.values()].slice(0, 5)];`,
  sorting: `
    let x = 1;
    const numbers = Array.from({ length: 8000 }, () => (x = (x * 1103515245 + 12345) & 0x7fffffff));
    const byText = numbers.map(String).sort();
    const mixed = numbers.slice(0, 500).sort(() => Math.random() - 0.5);
    return [numbers.toSorted((a, b) => a - b)[77], byText[77], mixed[7], new Float64Array(numbers).sort()[99]];`,
  allocating: `
    let kept = [];
    for (let round = 0; round < 60; round++) {
      kept = kept.slice(-200).concat(Array.from({ length: 400 }, (_, i) => ({ round, i, text: "t".repeat(i) })));
      if (round % 20 === 0) kept.push(new Uint8Array(700000).fill(round));
    }
    return [kept.length, kept.at(-1).text?.length];`,
  randomness: `
    const bytes = crypto.getRandomValues(new Uint8Array(256));
    return [Math.random(), crypto.randomUUID(), bytes.reduce((a, b) => a + b), Date.now(), performance.now()];`,
  patterns: `
    const text = "Zeile 12: größe=4, maß=ß, x_y=17; ".repeat(200);
    const found = [...text.matchAll(/(?<name>[\\p{L}_]+)=(?<value>\\d+|\\p{L})/gu)].map(({ groups }) => groups.value);
    return [found.length, text.replaceAll(/(\\w)(\\w)/g, "$2$1").length, /^(a+)+$/.test("a".repeat(14) + "b")];`,
  json: `
    const value = Array.from({ length: 800 }, (_, i) => ({ i, f: i / 7, s: "ü" + i, n: null, l: [i, [i]], o: { k: -i } }));
    const text = JSON.stringify(value);
    return [text.length, JSON.stringify(JSON.parse(text)) === text, JSON.stringify(value, null, 2).length];`,
  numbers: `
    let sum = 0;
    for (let i = 1; i < 4000; i++) sum += Math.sin(i) * Math.exp(1 / i) + Math.cbrt(i) ** 1.1 + Math.fround(1 / i);
    return [sum, (3n ** 800n).toString().length, (0.1).toFixed(20), (1 / 3).toString(7), Number("1e-320")];`,
  text: `
    const words = Array.from({ length: 40 }, (_, i) => "Wort" + ((i * 31) % 97));
    const bytes = new TextEncoder().encode(words.join(" é "));
    return [bytes.length, new TextDecoder().decode(bytes).normalize("NFD").length,
      words.toSorted(new Intl.Collator().compare)[3], new Intl.NumberFormat().format(1234567.891),
      new Date(Date.now()).toLocaleString()];`,
  failing: `
    const deeper = (n) => n + deeper(n + 1);
    try { deeper(0); } catch (error) { globalThis.depth = error.stack.length; }
    throw new TypeError("at " + new Error("x").stack.length + " " + globalThis.depth);`,
  waiting: `
    const order = [];
    await Promise.all([3, 1, 2].map(async (n) => { for (let i = 0; i < n; i++) await null; order.push(n); }));
    await ctx.sleep(1000);
    order.push(Math.random(), await crypto.subtle.digest("SHA-256", new Uint8Array(5000)).then((d) => d.byteLength));
    return order;`,
  endless: "for (let i = 0; ; i++) globalThis.last = { i };",
  greedy: "const all = []; for (;;) all.push({ all });",
};

/** Enough for every workload except the endless one, which stops sooner with less fuel. */
function limitsOf(workload: string): ExecutionLimits {
  return { ...defaultExecutionLimits, turnFuel: workload === "endless" ? 1e8 : 1e9 };
}

/**
 * Runs each workload on a new instance, on an instance that ran it before, and on one that ran others before,
 * including some that grew its memory beyond what this workload uses.
 */
export async function fingerprintsOf(engine: LoadedEngine): Promise<readonly Fingerprint[]> {
  const images = await imagesOf(engine);
  const used = openSeat(engine, images);
  const onNew = Object.keys(workloads).flatMap((workload) => {
    const seat = openSeat(engine, images);
    return [seat.take(workload, "new"), seat.take(workload, "used by itself")];
  });
  for (const workload of Object.keys(workloads)) used.take(workload, "");
  const onUsed = Object.keys(workloads).toReversed();
  return [...onNew, ...onUsed.map((workload) => used.take(workload, "used by others"))];
}

async function imagesOf(engine: LoadedEngine): Promise<ReadonlyMap<string, Image>> {
  const images = new Map<string, Image>();
  for (const [workload, body] of Object.entries(workloads)) {
    images.set(workload, await imageOf(engine, asWorkflow(body)));
  }
  return images;
}

function asWorkflow(body: string): string {
  return `const seen = new Map(); export async function run(ctx, payload) { seen.set(payload, ctx); ${body} }`;
}

/** Runs workloads sequentially, in the same instance until it fails. */
interface Seat {
  take(workload: string, on: string): Fingerprint;
}

function openSeat(engine: LoadedEngine, images: ReadonlyMap<string, Image>): Seat {
  let instance = createInstance(engine);
  return {
    take(workload, on) {
      const image = images.get(workload);
      if (image === undefined) throw new Error(`Unknown workload ${workload}`);
      instance.reset(image, limitsOf(workload));
      const { turns, hasFailed } = play(instance);
      const fingerprint = { workload, on, turns, ...stateOf(instance) };
      if (hasFailed) instance = createInstance(engine);
      return fingerprint;
    },
  };
}

function stateOf(instance: Instance): Omit<Fingerprint, "workload" | "on" | "turns"> {
  const { memory, globals } = instance.state();
  return {
    fuelUsed: instance.fuelUsed,
    memoryPages: memory.length / 65_536,
    memory: digestOf(memory),
    globals: globals.join(" "),
  };
}

function play(instance: Instance): { readonly turns: readonly string[]; readonly hasFailed: boolean } {
  const turns: string[] = [];
  try {
    const first = instance.enter((core) => core.run(testContext, bytesOf({ n: 1 })));
    turns.push(shown(first));
    for (const { id } of first.calls) turns.push(shown(instance.enter((core) => core.settle(answer(id)))));
    return { turns, hasFailed: false };
  } catch (error) {
    const { code, message } = toDuraniumError(error);
    return { turns: [...turns, `${code}: ${message}`], hasFailed: true };
  }
}

function shown({ calls, completion }: Turn): string {
  const called = calls.map(({ operation, arguments: given }) => `${operation} ${textOf(given)}`);
  return [...called, textOf(completion?.json)].join("; ");
}
