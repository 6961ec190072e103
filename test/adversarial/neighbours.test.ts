import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maxInstances } from "../../src/sandbox/scheduling/limits.ts";
import { attacks, neighbourSource } from "../support/attacks.ts";
import { startExecution, deploy, execute, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { handled, startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** `npm run bench:neighbours` measures their latency; these tests check their outcomes. */
describe("workflows that exhaust resources", () => {
  let instance: Instance;
  let target: Target;
  const held: ServerResponse[] = [];
  beforeAll(async () => {
    target = await startTarget({
      "GET /first": () => 1,
      "GET /second": () => 2,
      "GET /silent": (_request, response) => {
        held.push(response);
        return handled;
      },
    });
    // Each attack ends within seconds, and until then keeps a thread.
    instance = await startInstance({
      DURANIUM_WORKERS: "1",
      DURANIUM_MAX_TURN_FUEL: "1e9",
      DURANIUM_MAX_MEMORY_MIB: "32",
    });
    await deploy(instance, "neighbour", neighbourSource);
    for (const [name, { source }] of Object.entries(attacks)) await deploy(instance, name, source);
  });
  afterAll(async () => {
    await instance[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
  });

  test("fail with their own codes, while executions of another workflow continue", async () => {
    const names = Object.keys(attacks);
    const ids = await Promise.all(
      names.map(async (name) => await startExecution(instance, name, target.url)),
    );
    const attacking = Promise.all(ids.map(async (id) => await untilEnded(instance, id)));
    const over = new AbortController();
    const ended = attacking.then((details) => {
      over.abort();
      return details;
    });
    const neighbours = await executeUntil(over.signal);
    expect(neighbours.length).toBeGreaterThan(0);
    expect(new Set(neighbours)).toEqual(
      new Set(["completed [1,2,0]", "completed [1,2,1]", "completed [1,2,2]"]),
    );
    for (const [index, { status, failure, attempts }] of (await ended).entries()) {
      const { code, message } = attacks[names[index] ?? ""] ?? {};
      const expected = [expect.stringMatching(code ?? ""), expect.stringMatching(message ?? "")];
      expect([names[index], status, attempts]).toEqual([names[index], "failed", 1]);
      expect([failure.code, failure.message]).toEqual(expected);
    }
    expect(target.count("GET /0")).toBe(0);
  });

  test("do not affect others if more of them than threads start together", async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, () => startExecution(instance, "infinite-loop")));
    const over = new AbortController();
    const ended = Promise.all(ids.map(async (id) => await untilEnded(instance, id))).then((details) => {
      over.abort();
      return details;
    });
    const neighbours = await executeUntil(over.signal);
    expect(new Set(neighbours)).toEqual(
      new Set(["completed [1,2,0]", "completed [1,2,1]", "completed [1,2,2]"]),
    );
    for (const { failure, attempts } of await ended) {
      expect([failure.code, attempts]).toEqual(["out-of-fuel", 1]);
    }
  });

  test("hold no instance while a server does not respond, and each sends its request once", async () => {
    await deploy(
      instance,
      "silent",
      `export const run = async (ctx, url) => [ctx.executionId, await (await fetch(url + "/silent")).text()];`,
    );
    const count = maxInstances + 6;
    const ids = await Promise.all(
      Array.from({ length: count }, () => startExecution(instance, "silent", target.url)),
    );
    // More executions than instances: the last ones reuse those of the first.
    await target.arrived("GET /silent", count);
    const neighbour = await execute(instance, "neighbour", { url: target.url, number: 0 });
    expect(neighbour).toMatchObject({ status: "completed", result: [1, 2, 0] });
    for (const response of held) response.end("at last");
    for (const id of ids)
      expect(await untilEnded(instance, id)).toMatchObject({ status: "completed", result: [id, "at last"] });
    expect(target.count("GET /silent")).toBe(count);
  });

  /** Three at a time, in sequence, until it is disposed of; returns the outcome of each. */
  async function executeUntil(signal: AbortSignal): Promise<readonly string[]> {
    const ends: string[] = [];
    const lane = async (number: number) => {
      do {
        const id = await startExecution(instance, "neighbour", { url: target.url, number });
        const { status, result, attempts } = await untilEnded(instance, id);
        ends.push(
          `${status} ${JSON.stringify(result)}${attempts === 1 ? "" : ` after ${attempts} attempts`}`,
        );
      } while (!signal.aborted);
    };
    await Promise.all([0, 1, 2].map(lane));
    return ends;
  }
});
