import { beforeAll, describe, expect, test } from "vitest";
import { createInstance } from "../../instances/instance.ts";
import type { LoadedEngine } from "../../instances/instance.ts";
import { answer, bytesOf, imageOf, loadTestEngine, testContext, textOf } from "../../testing/images.ts";

describe("a warmed-up engine", () => {
  let engine: LoadedEngine;
  beforeAll(async () => {
    engine = await loadTestEngine();
  });

  test("a workflow cannot observe the engine's warm-up", async () => {
    const source = `
      const seen = () => ({ now: Date.now(), elapsed: performance.now(), origin: performance.timeOrigin });
      const atLoad = { ...seen(), random: Math.random(), again: Math.random() };
      const names = () => Object.getOwnPropertyNames(globalThis).filter((name) => /warm-?up|duranium/i.test(name));
      let refusal;
      try { fetch("https://a.test/"); } catch (error) { refusal = error.message; }
      export const run = async (ctx) => {
        const handle = setTimeout(() => {}, 5);
        console.count("counted");
        console.log("not indented");
        const { url } = ctx.createCallback();
        await ctx.sleep(1);
        return { atLoad, names: names(), refusal, handle, callback: /[.]([0-9]+)[.][^.]+$/.exec(url)?.[1], ...seen() };
      };`;
    const instance = createInstance(engine);
    instance.reset(await imageOf(engine, source));
    const first = instance.enter((core) => core.run(testContext, bytesOf(null)));
    expect(first.calls.map(({ id, operation }) => [id, operation])).toEqual([
      [0, "timer"],
      [1, "wait"],
      [2, "sleep"],
    ]);
    expect(first.logs.map(({ line }) => textOf(line))).toEqual(['["counted: 1"]', '["not indented"]']);
    const last = instance.enter((core) => core.settle(answer(2)));
    const { atLoad, ...result } = JSON.parse(textOf(last.completion?.json)) as { readonly atLoad: object };
    expect(atLoad).toMatchObject({ now: 0, elapsed: 0, origin: 0 });
    expect(result).toMatchObject({
      names: [],
      refusal: "fetch is not available while the workflow is loaded: call it inside run()",
      handle: 1,
      callback: "0",
      origin: testContext.now,
    });
  });

  test("after warm-up the first fetch of an execution costs at most 1.5 times the third", async () => {
    const source = `export const run = async () => {
      for (let at = 0; at < 4; at++) await (await fetch("https://a.test/")).json();
    };`;
    const instance = createInstance(engine);
    instance.reset(await imageOf(engine, source));
    const fuels = [0, 1, 2, 3].map((id) => {
      const before = instance.fuelUsed;
      const turn = () =>
        id === 0
          ? instance.enter((core) => core.run(testContext, bytesOf(null)))
          : instance.enter((core) => core.settle({ ...answer(id - 1, received), body: bytesOf({}) }));
      expect(turn().calls).toHaveLength(1);
      return instance.fuelUsed - before;
    });
    expect(fuels[1]).toBeLessThan((fuels[3] ?? 0) * 1.5);
  });
});

const received = { status: 200, statusText: "OK", url: "https://a.test/", redirected: false, headers: [] };
