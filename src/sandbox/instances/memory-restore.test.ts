import { beforeAll, describe, expect, test } from "vitest";
import { answer, bytesOf, imageOf, loadTestEngine, testContext } from "../testing/images.ts";
import { imagePageBytes } from "./engine-state.ts";
import type { Image } from "./engine-state.ts";
import { instantiateCore } from "./glue.ts";
import { createInstance } from "./instance.ts";
import type { Instance, LoadedEngine } from "./instance.ts";
import { createMemoryRestorer } from "./memory-restore.ts";

/** Each leaves different traces in the memory. */
const workloads: Readonly<Record<string, string>> = {
  "host calls": "for (const n of [1, 2, 3]) await fetch('http://a.test/' + n);",
  objects: "globalThis.kept = Array.from({ length: 30_000 }, (_, n) => ({ n, text: 'x' + n }));",
  "a map": "globalThis.kept = new Map(Array.from({ length: 20_000 }, (_, n) => ['k' + n, n]));",
  bytes: "globalThis.kept = new Uint8Array(3_000_000).fill(7).slice(5).copyWithin(10, 1000);",
  text: "globalThis.kept = 'ab'.repeat(300_000).split('a').join('cd');",
  numbers: "globalThis.kept = Float64Array.from({ length: 50_000 }, (_, n) => Math.sqrt(n)).sort();",
  recursion: "const f = (n) => (n === 0 ? 0 : 1 + f(n - 1)); f(2_000);",
  patterns: "'a'.repeat(5_000).replace(/(a+)(a+)$/g, '$2');",
  digests: "await crypto.subtle.digest('SHA-256', new Uint8Array(100_000));",
};

describe("restoring memory", () => {
  let engine: LoadedEngine;
  let idle: Image;
  beforeAll(async () => {
    engine = await loadTestEngine();
    idle = await imageOf(engine, "export const run = () => null;");
  });

  test.each(Object.entries(workloads))(
    "a restore resets everything that a workflow wrote to: %s",
    async (_name, body) => {
      const image = await imageOf(engine, `export async function run() { ${body} }`);
      const used = createInstance(engine);
      for (const next of [image, image, idle, image]) {
        used.reset(next);
        expect(firstDifference(used.state().memory, memoryOf(engine, next))).toBe(-1);
        expect(used.state().globals).toEqual(next.globals);
        runToEnd(used);
        if (!used.isReusable) return;
      }
    },
  );

  test("restoring writes to no page that is unchanged", async () => {
    const core = instantiateCore(engine.module);
    const restorer = createMemoryRestorer(core, engine);
    restorer.restore(idle);
    const clean = core.dirtyPages.indexOf(0, 100);
    const canary = clean * imagePageBytes + 17;
    const memory = new Uint8Array(core.memory.buffer);
    memory[canary] = 42;
    restorer.restore(idle);
    expect(memory[canary]).toBe(42);
  });

  test.each([
    ["the last pages", 5_000, 4_999],
    ["the last byte", 1, 1],
    ["everything", undefined, undefined],
  ])("writes to the end of the memory are restored: %s", (_what, fromEnd, bytes) => {
    const core = instantiateCore(engine.module);
    const restorer = createMemoryRestorer(core, engine);
    restorer.restore(idle);
    const memory = new Uint8Array(core.memory.buffer);
    const start = memory.length - (fromEnd ?? memory.length);
    memory.fill(9, start, start + (bytes ?? memory.length));
    // A range is marked with the page after it.
    core.dirtyPages.fill(1, Math.floor(start / imagePageBytes), memory.length / imagePageBytes + 1);
    restorer.restore(idle);
    expect(firstDifference(memory, memoryOf(engine, idle))).toBe(-1);
    expect(core.dirtyPages.includes(1)).toBe(false);
  });
});

/** The memory that the image describes. */
function memoryOf(engine: LoadedEngine, image: Image): Uint8Array {
  const memory = new Uint8Array(image.memoryBytes);
  memory.set(engine.memory);
  for (const [index, offset] of image.pageOffsets.entries()) {
    memory.set(image.pages.subarray(index * imagePageBytes, (index + 1) * imagePageBytes), offset);
  }
  return memory;
}

/** The first byte that differs, or -1. An assertion about megabytes would print nothing useful. */
function firstDifference(one: Uint8Array, other: Uint8Array): number {
  if (one.length === other.length && Buffer.compare(one, other) === 0) return -1;
  return one.findIndex((byte, at) => byte !== other[at]);
}

function runToEnd(instance: Instance): void {
  let turn = instance.enter((core) => core.run(testContext, bytesOf(null)));
  while (turn.completion === undefined) {
    const [call] = turn.calls;
    const settlement = answer(call?.id ?? 0, response);
    turn = instance.enter((core) => core.settle(settlement));
  }
}

const response = { status: 200, statusText: "OK", url: "http://a.test/", redirected: false, headers: [] };
