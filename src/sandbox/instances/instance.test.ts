import { beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../base/sha256.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import { maxMemoryPages } from "../../domain/limits.ts";
import type { Turn } from "../../host/guest.ts";
import { answer, bytesOf, imageOf, loadTestEngine, testContext, textOf } from "../testing/images.ts";
import { imagePageBytes } from "./engine-state.ts";
import type { Image } from "./engine-state.ts";
import type { Core } from "./glue.ts";
import { createInstance } from "./instance.ts";
import type { Instance, LoadedEngine } from "./instance.ts";

const thrifty = "export const run = (ctx, payload) => ({ payload, leaked: globalThis.leaked });";

/** Leaves traces wherever it can, and sleeps in between. */
const messy = `
const seen = new Map();
export async function run(ctx, payload) {
  for (let i = 0; i < 1000; i++) seen.set("key " + i, { i, at: Math.random() });
  globalThis.leaked = seen;
  Object.prototype.leaked = "leaked";
  Array.prototype.push = () => { throw new Error("leaked") };
  await ctx.sleep(1000);
  crypto.getRandomValues(new Uint8Array(64));
  return [...seen.keys()].length;
}`;

describe("an instance", () => {
  let engine: LoadedEngine;
  let thriftyImage: Image;
  let messyImage: Image;

  beforeAll(async () => {
    engine = await loadTestEngine();
    thriftyImage = await imageOf(engine, thrifty);
    messyImage = await imageOf(engine, messy);
  });

  test("a reset instance has every byte and every global of a fresh one", () => {
    const used = createInstance(engine);
    used.reset(messyImage);
    run(used);
    settle(used, 0);
    expect(used.isReusable).toBe(true);
    expect(stateDigest(used)).not.toBe(stateDigest(freshWith(messyImage)));
    used.reset(thriftyImage);
    expect(stateDigest(used)).toBe(stateDigest(freshWith(thriftyImage)));
    expect(used.fuelUsed).toBe(0);
    expect(textOf(run(used, { n: 1 }).completion?.json)).toBe('{"payload":{"n":1}}');
  });

  test("a reset leaves nothing of an abandoned execution", () => {
    const used = createInstance(engine);
    used.reset(messyImage);
    run(used);
    used.reset(messyImage);
    expect(stateDigest(used)).toBe(stateDigest(freshWith(messyImage)));
  });

  test("the same state leads to the same state, to the last byte", () => {
    const digests = [1, 2, 3].map(() => {
      const instance = freshWith(messyImage);
      run(instance);
      settle(instance, 0);
      return stateDigest(instance);
    });
    expect(new Set(digests).size).toBe(1);
  });

  test("an instance with a grown image equals a fresh one", async () => {
    const large = await imageOf(
      engine,
      "const all = new Uint8Array(6 * 1024 * 1024).fill(1); export const run = () => all.length;",
    );
    expect(large.memoryBytes).toBeGreaterThan(engine.memory.length);
    const used = freshWith(messyImage);
    run(used);
    used.reset(large);
    expect(used.isReusable).toBe(true);
    expect(stateDigest(used)).toBe(stateDigest(freshWith(large)));
    expect(textOf(run(used).completion?.json)).toBe("6291456");
  });

  test("memory beyond the image is empty and invisible to the guest", () => {
    const used = freshWith(messyImage);
    used.enter((core) => fillMemory(core, 16));
    used.reset(thriftyImage);
    const fresh = freshWith(thriftyImage);
    expect(used.memoryBytes).toBe(fresh.memoryBytes + 16 * 65_536);
    expect(used.isReusable).toBe(false);
    expect(stateDigest(used)).toBe(stateDigest(fresh));
    for (const instance of [used, fresh]) run(instance, { n: 1 });
    expect(stateDigest(used)).toBe(stateDigest(fresh));
    expect(used.fuelUsed).toBe(fresh.fuelUsed);
  });

  test("a guest that grows its memory gets empty pages", async () => {
    const hoarding = await imageOf(
      engine,
      "export const run = () => { globalThis.all = Array.from({ length: 200_000 }, (_, i) => ({ i })); };",
    );
    const [used, fresh] = [freshWith(hoarding), freshWith(hoarding)];
    used.enter((core) => fillMemory(core, 100));
    used.reset(hoarding);
    for (const instance of [used, fresh]) run(instance);
    expect(fresh.state().memory.length).toBeGreaterThan(hoarding.memoryBytes);
    expect(stateDigest(used)).toBe(stateDigest(fresh));
    expect(used.fuelUsed).toBe(fresh.fuelUsed);
  });

  test("an instance whose memory grew in a turn is not reusable", async () => {
    const instance = freshWith(
      await imageOf(engine, "export const run = () => new Uint8Array(8 * 1024 * 1024).length;"),
    );
    expect(textOf(run(instance).completion?.json)).toBe("8388608");
    expect(instance.isReusable).toBe(false);
  });

  test("an instance that grew is nevertheless reset completely", async () => {
    const growing =
      "export const run = () => { globalThis.all = new Uint8Array(8 << 20).fill(1); return 1; };";
    const used = freshWith(await imageOf(engine, growing));
    run(used);
    expect(used.state().memory.length).toBeGreaterThan(thriftyImage.memoryBytes);
    used.reset(thriftyImage);
    const fresh = freshWith(thriftyImage);
    expect(stateDigest(used)).toBe(stateDigest(fresh));
    for (const instance of [used, fresh]) run(instance, { n: 1 });
    expect(stateDigest(used)).toBe(stateDigest(fresh));
    expect(used.fuelUsed).toBe(fresh.fuelUsed);
  });

  test("a workflow that exhausts its memory ends, and its instance is not reusable", async () => {
    const instance = freshWith(
      await imageOf(engine, "export function run() { const a = []; for (;;) a.push({ a }); }"),
    );
    expect(() => run(instance)).toThrow(expect.objectContaining({ code: "out-of-memory" }));
    expect(instance.isReusable).toBe(false);
    expect(instance.memoryBytes).toBeLessThanOrEqual(maxMemoryPages * 65_536);
  });

  test("each execution has its own memory limit", async () => {
    const image = await imageOf(engine, "export const run = (_, mib) => new Uint8Array(mib << 20).length;");
    const instance = createInstance(engine);
    const memoryPages = image.memoryBytes / 65_536 + 4 * 16;
    instance.reset(image, { ...defaultExecutionLimits, memoryPages });
    expect(textOf(run(instance, 2).completion?.json)).toBe("2097152");
    instance.reset(image, { ...defaultExecutionLimits, memoryPages });
    expect(() => run(instance, 6)).toThrow(
      expect.objectContaining({
        code: "out-of-memory",
        message: `The workflow exceeded its memory limit of ${memoryPages / 16} MiB (memoryMib)`,
      }),
    );
    instance.reset(image);
    expect(instance.isReusable).toBe(false);
    expect(textOf(run(freshWith(image), 6).completion?.json)).toBe("6291456");
  });

  test("a workflow can catch denied memory and continue", async () => {
    const instance = freshWith(
      await imageOf(
        engine,
        "export function run() { try { return new Uint8Array(100 << 20).length; } catch (error) { return String(error); } }",
      ),
    );
    expect(textOf(run(instance).completion?.json)).toBe('"out of memory"');
  });

  test("an error with the same message is not taken for exhausted memory", async () => {
    const instance = freshWith(
      await imageOf(engine, 'export function run() { throw new Error("out of memory"); }'),
    );
    expect(run(instance).completion?.ok).toBe(false);
  });

  test("endless recursion fails inside the workflow", async () => {
    const instance = freshWith(
      await imageOf(engine, "export function run(ctx, n) { return 1 + run(ctx, n); }"),
    );
    const { completion } = run(instance);
    expect(completion?.ok).toBe(false);
    expect(textOf(completion?.json)).toContain("too much recursion");
  });

  test("an instance whose workflow broke a limit is neither reused nor entered", async () => {
    const instance = freshWith(
      await imageOf(engine, "export const run = () => 'x'.repeat(5 * 1024 * 1024);"),
    );
    expect(() => run(instance)).toThrow(expect.objectContaining({ code: "limit-exceeded" }));
    expect(instance.isReusable).toBe(false);
    expect(() => settle(instance, 0)).toThrow("has failed");
  });

  test("a guest is stopped at the first host call above the limit", async () => {
    const image = await imageOf(
      engine,
      `export async function run(ctx, count) {
        try { for (let i = 0; i < count; i++) void fetch("https://a.test/" + i).catch(() => {}); }
        finally { for (;;); }
      }`,
    );
    const flooding = freshWith(image, { callsInFlight: 10 });
    expect(() => run(flooding, 1_000_000)).toThrow(
      expect.objectContaining({
        code: "limit-exceeded",
        message: "Too many host calls in one turn: 11, and the limit is 10 (callsInFlight)",
      }),
    );
    expect(flooding.isReusable).toBe(false);
    expect(flooding.fuelUsed).toBeLessThan(1e8);
    const again = freshWith(image, { callsInFlight: 10 });
    expect(() => run(again, 1_000_000)).toThrow();
    expect(again.fuelUsed).toBe(flooding.fuelUsed);
  });

  describe("with a fuel limit", () => {
    const counting = `export async function run(ctx, count) {
      for (;;) { for (let i = 0; i < count; i++); await ctx.sleep(1); }
    }`;
    let countingImage: Image;
    beforeAll(async () => {
      countingImage = await imageOf(engine, counting);
    });

    test("fuel usage is reported per turn and reset per execution", () => {
      const instance = freshWith(countingImage);
      run(instance, 1_000);
      const first = instance.fuelUsed;
      settle(instance, 0);
      const second = instance.fuelUsed - first;
      settle(instance, 1);
      expect(first).toBeGreaterThan(1_000);
      expect(instance.fuelUsed - first - second).toBeGreaterThan(1_000);
      instance.reset(countingImage);
      expect(instance.fuelUsed).toBe(0);
      run(instance, 1_000);
      expect(instance.fuelUsed).toBe(first);
    });

    test("a turn may use its last unit of fuel, and fails with one unit less", () => {
      const measured = freshWith(countingImage);
      run(measured, 1_000);
      const turnFuel = measured.fuelUsed;
      const enough = freshWith(countingImage, { turnFuel });
      expect(run(enough, 1_000).calls).toHaveLength(1);
      expect(enough.fuelUsed).toBe(turnFuel);
      const scarce = freshWith(countingImage, { turnFuel: turnFuel - 1 });
      expect(() => run(scarce, 1_000)).toThrow(expect.objectContaining({ code: "out-of-fuel" }));
    });

    test("an endless turn runs out of fuel, and its instance is not reusable", () => {
      const instance = freshWith(countingImage, { turnFuel: 50_000_000 });
      expect(() => run(instance, 1e300)).toThrow(
        expect.objectContaining({
          code: "out-of-fuel",
          retryable: false,
          message:
            "A turn exceeded its fuel of 50,000,000 (turnFuel); the execution has used 50,000,000 in total",
        }),
      );
      expect(instance.fuelUsed).toBe(50_000_000);
      expect(instance.isReusable).toBe(false);
    });

    test("an execution ends when its turns together exceed its fuel", () => {
      const measured = freshWith(countingImage);
      run(measured, 1_000);
      settle(measured, 0);
      const executionFuel = measured.fuelUsed;
      const instance = freshWith(countingImage, { executionFuel });
      run(instance, 1_000);
      settle(instance, 0);
      expect(instance.fuelUsed).toBe(executionFuel);
      expect(() => settle(instance, 1)).toThrow(
        expect.objectContaining({
          code: "out-of-fuel",
          message: `The execution exceeded its fuel of ${executionFuel.toLocaleString("en-US")} (executionFuel)`,
        }),
      );
    });
  });

  function freshWith(image: Image, limits: Partial<ExecutionLimits> = {}): Instance {
    const instance = createInstance(engine);
    instance.reset(image, { ...defaultExecutionLimits, ...limits });
    return instance;
  }
});

function run(instance: Instance, payload: unknown = null): Turn {
  return instance.enter((core) => core.run(testContext, bytesOf(payload)));
}

function settle(instance: Instance, id: number): Turn {
  return instance.enter((core) => core.settle(answer(id)));
}

/** Writes everywhere, and marks the pages as the engine would. */
function fillMemory({ memory, dirtyPages }: Core, morePages: number): void {
  memory.grow(morePages);
  new Uint8Array(memory.buffer).fill(1);
  dirtyPages.fill(1, 0, memory.buffer.byteLength / imagePageBytes);
}

function stateDigest(instance: Instance): string {
  const { memory, globals } = instance.state();
  return `${digestOf(memory)} ${globals.join(" ")}`;
}
