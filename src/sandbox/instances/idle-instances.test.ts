import { setImmediate } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { bytesOf, imageOf, loadTestEngine, testContext } from "../testing/images.ts";
import type { Image } from "./engine-state.ts";
import { createIdleInstances } from "./idle-instances.ts";
import type { LoadedEngine } from "./instance.ts";

describe("idle instances", () => {
  let engine: LoadedEngine;
  let small: Image;
  let large: Image;

  beforeAll(async () => {
    engine = await loadTestEngine();
    small = await imageOf(engine, "export const run = () => 1;");
    large = await imageOf(
      engine,
      "const all = new Uint8Array(6 * 1024 * 1024); export const run = () => all.length;",
    );
  });

  test("an idle instance is reused", () => {
    const instances = createIdleInstances(2);
    const first = instances.take(engine, small);
    instances.giveBack(first);
    expect(instances.take(engine, small)).toBe(first);
  });

  test("an idle instance is reset ahead of its next use", async () => {
    const instances = createIdleInstances(2);
    const fresh = instances.take(engine, small);
    const image = fresh.state().memory.slice();
    const used = instances.take(engine, small);
    used.enter((core) => core.run(testContext, bytesOf("payload")));
    expect(Buffer.compare(used.state().memory, image)).not.toBe(0);
    instances.giveBack(used);
    await setImmediate();
    expect(Buffer.compare(used.state().memory, image)).toBe(0);
    expect(used.fuelUsed).toBe(0);
  });

  test("an idle instance that holds the image is preferred", () => {
    const other = { ...small, id: small.id + 1_000_000 };
    const instances = createIdleInstances(2);
    const [first, second] = [instances.take(engine, small), instances.take(engine, other)];
    instances.giveBack(first);
    instances.giveBack(second);
    expect(instances.take(engine, small)).toBe(first);
  });

  test("a broken instance is not reused", () => {
    const instances = createIdleInstances(2);
    const first = instances.take(engine, small);
    expect(() =>
      first.enter(() => {
        throw new Error("trapped");
      }),
    ).toThrow("trapped");
    instances.giveBack(first);
    expect(instances.take(engine, small)).not.toBe(first);
  });

  test("an idle instance is not used for an image smaller than its memory", () => {
    const instances = createIdleInstances(2);
    const first = instances.take(engine, large);
    instances.giveBack(first);
    expect(instances.take(engine, small)).not.toBe(first);
    expect(instances.take(engine, large)).toBe(first);
  });

  test("an idle instance is not used for an image of another engine", () => {
    const instances = createIdleInstances(2);
    const first = instances.take(engine, small);
    instances.giveBack(first);
    const other = { ...engine, digest: "0".repeat(64) as LoadedEngine["digest"] };
    expect(instances.take(other, small)).not.toBe(first);
  });

  test("idle instances and those in use stay within the maximum", () => {
    const instances = createIdleInstances(2);
    const [first, second] = [instances.take(engine, small), instances.take(engine, small)];
    instances.giveBack(first);
    instances.giveBack(second);
    const third = instances.take(engine, large);
    const fourth = instances.take(engine, small);
    expect([first, second]).toContain(third);
    expect([first, second]).toContain(fourth);
    const fifth = instances.take(engine, small);
    instances.giveBack(third);
    expect(instances.take(engine, large)).not.toBe(third);
    expect([first, second]).not.toContain(fifth);
  });
});
