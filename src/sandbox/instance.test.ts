import { beforeAll, describe, expect, it } from "vitest";
import { digestOf } from "../domain/digest.ts";
import { maxMemoryPages } from "../domain/limits.ts";
import type { Turn } from "../host/guest.ts";
import type { Image } from "./image.ts";
import { createInstance } from "./instance.ts";
import type { Instance, LoadedEngine } from "./instance.ts";
import { answer, bytesOf, imageOf, loadTestEngine, testContext, textOf } from "./testing/images.ts";

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

  it("carries nothing over to the next workflow: every byte and every global are as in a fresh one", () => {
    const used = createInstance(engine);
    used.reset(messyImage);
    run(used);
    settle(used, 0);
    expect(used.isReusable).toBe(true);
    expect(stateDigest(used)).not.toBe(stateDigest(freshWith(messyImage)));
    used.reset(thriftyImage);
    expect(stateDigest(used)).toBe(stateDigest(freshWith(thriftyImage)));
    expect(textOf(run(used, { n: 1 }).completion?.json)).toBe('{"payload":{"n":1}}');
  });

  it("carries nothing over from an execution that was given up half-way", () => {
    const used = createInstance(engine);
    used.reset(messyImage);
    run(used);
    used.reset(messyImage);
    expect(stateDigest(used)).toBe(stateDigest(freshWith(messyImage)));
  });

  it("does the same in the same state, to the last byte", () => {
    const digests = [1, 2, 3].map(() => {
      const instance = freshWith(messyImage);
      run(instance);
      settle(instance, 0);
      return stateDigest(instance);
    });
    expect(new Set(digests).size).toBe(1);
  });

  it("takes an image whose memory has grown, and is as a fresh one with it", async () => {
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
    expect(() => used.reset(thriftyImage)).toThrow("larger memory");
  });

  it("is not used again after its memory grew in a turn", async () => {
    const instance = freshWith(
      await imageOf(engine, "export const run = () => new Uint8Array(8 * 1024 * 1024).length;"),
    );
    expect(textOf(run(instance).completion?.json)).toBe("8388608");
    expect(instance.isReusable).toBe(false);
  });

  it("ends a workflow that takes all memory, and is not used again", async () => {
    const instance = freshWith(
      await imageOf(engine, "export function run() { const a = []; for (;;) a.push({ a }); }"),
    );
    expect(() => run(instance)).toThrow(expect.objectContaining({ code: "out-of-memory" }));
    expect(instance.isReusable).toBe(false);
    expect(instance.memoryBytes).toBeLessThanOrEqual(maxMemoryPages * 65_536);
  });

  it("lets a workflow that recurses without end fail by itself", async () => {
    const instance = freshWith(
      await imageOf(engine, "export function run(ctx, n) { return 1 + run(ctx, n); }"),
    );
    const { completion } = run(instance);
    expect(completion?.ok).toBe(false);
    expect(textOf(completion?.json)).toContain("too much recursion");
  });

  it("is neither used again nor entered again after the workflow broke a limit", async () => {
    const instance = freshWith(
      await imageOf(engine, "export const run = () => 'x'.repeat(5 * 1024 * 1024);"),
    );
    expect(() => run(instance)).toThrow(expect.objectContaining({ code: "limit-exceeded" }));
    expect(instance.isReusable).toBe(false);
    expect(() => settle(instance, 0)).toThrow("failed before");
  });

  function freshWith(image: Image): Instance {
    const instance = createInstance(engine);
    instance.reset(image);
    return instance;
  }
});

function run(instance: Instance, payload: unknown = null): Turn {
  return instance.enter((core) => core.run(testContext, bytesOf(payload)));
}

function settle(instance: Instance, id: number): Turn {
  return instance.enter((core) => core.settle(answer(id)));
}

function stateDigest(instance: Instance): string {
  const { memory, globals } = instance.state();
  return `${digestOf(memory)} ${globals.join(" ")}`;
}
