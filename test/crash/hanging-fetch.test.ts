import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { maxInstances } from "../../src/sandbox/scheduling/limits.ts";
import { startExecution, deploy, execute, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { handled, startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

describe("while a server does not respond, with replays at every await and kills,", () => {
  let instance: Instance;
  let target: Target;
  const held: ServerResponse[] = [];
  beforeAll(async () => {
    instance = await sharedInstance();
    target = await startTarget({
      "GET /silent": (_request, response) => {
        held.push(response);
        return handled;
      },
    });
  });
  beforeEach(() => void held.splice(0));
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  test("AbortSignal.timeout ends a fetch, which is sent once per process lifetime", async () => {
    await deploy(
      instance,
      "limited",
      `export async function run(ctx, url) {
        const signal = AbortSignal.timeout(15_000);
        return await fetch(url + "/silent?limited", { signal }).catch(({ name }) => [name, performance.now()]);
      }`,
    );
    const begun = performance.now();
    const id = await startExecution(instance, "limited", target.url);
    await target.arrived("GET /silent");
    await until(instance, id, ({ steps }) => steps.length === 2);
    await instance.kill();
    await instance.start();
    const { result } = await untilEnded(instance, id);
    expect(result).toEqual(["TimeoutError", 15_000]);
    expect(performance.now() - begun).toBeLessThan(60_000);
    expect(target.count("GET /silent")).toBe(2);
  });

  test("more executions than instances do not block others, and each gets its own response", async () => {
    await deploy(
      instance,
      "silent",
      `export const run = async (ctx, url) => [ctx.executionId, await (await fetch(url + "/silent")).text()];`,
    );
    await deploy(
      instance,
      "neighbour-of-hanging",
      `export const run = (ctx) => ctx.sleep(10).then(() => "neighbour")`,
    );
    const before = target.count("GET /silent");
    const count = maxInstances + 6;
    const ids = await Promise.all(
      Array.from({ length: count }, () => startExecution(instance, "silent", target.url)),
    );
    await target.arrived("GET /silent", before + count);
    expect(await execute(instance, "neighbour-of-hanging")).toMatchObject({ result: "neighbour" });
    expect(target.count("GET /silent")).toBe(before + count);
    await instance.kill();
    held.splice(0);
    await instance.start();
    await target.arrived("GET /silent", before + 2 * count);
    for (const response of held) response.end("at last");
    for (const id of ids)
      expect(await untilEnded(instance, id)).toMatchObject({ status: "completed", result: [id, "at last"] });
    expect(target.count("GET /silent")).toBe(before + 2 * count);
  });
});
