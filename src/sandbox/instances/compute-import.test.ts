import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { Turn } from "../../host/guest.ts";
import { compute } from "../crypto/compute.ts";
import { bytesOf, imageOf, loadTestEngine, testContext, textOf } from "../testing/images.ts";
import { createComputeImport } from "./compute-import.ts";
import { createInstance } from "./instance.ts";
import type { Instance, LoadedEngine } from "./instance.ts";
import type { Meter } from "./meter.ts";
import { createTurnRecorder } from "./turn-recorder.ts";

const source = `
  const { compute } = globalThis[Symbol.for("duranium.crypto")];
  const atTheTop = compute("digest", { hash: "SHA-256" }, new Uint8Array(3)).toHex();
  export function run(_ctx, { times = 1, bytes = 3, request }) {
    if (request !== undefined) return compute(...request).toHex();
    const data = new Uint8Array(bytes);
    let digest;
    for (let i = 0; i < times; i += 1) digest = compute("digest", { hash: "SHA-256" }, data).toHex();
    return { atTheTop, digest };
  }`;

describe("a guest that computes", () => {
  let engine: LoadedEngine;
  let start: () => Instance;

  beforeAll(async () => {
    engine = await loadTestEngine();
    const image = await imageOf(engine, source);
    start = () => {
      const instance = createInstance(engine);
      instance.reset(image);
      return instance;
    };
  });

  test("a guest's computations match Node's, also at its top level", () => {
    const digest = createHash("sha256").update(new Uint8Array(3)).digest("hex");
    expect(resultOf(run(start(), {}))).toEqual({ atTheTop: digest, digest });
  });

  test("a computation leaves no memory allocated in the guest", () => {
    const instance = start();
    run(instance, { times: 200, bytes: 1_000_000 });
    expect(instance.memoryBytes).toBeLessThan(32 * 1_048_576);
  });

  test("a computation costs the same fuel in a new and in a reused instance", () => {
    const used = start();
    run(used, { times: 3, bytes: 100_000 });
    used.rewind();
    run(used, { times: 2, bytes: 1_000_000 });
    const fresh = start();
    run(fresh, { times: 2, bytes: 1_000_000 });
    expect(used.fuelUsed).toBe(fresh.fuelUsed);
    expect(fresh.fuelUsed).toBeGreaterThan(20_000_000);
  });

  test("a guest without enough fuel ends before the computation", () => {
    const instance = start();
    const request = ["pbkdf2", { hash: "SHA-512", iterations: 2 ** 31 - 1, bytes: 64 }];
    const startedAt = process.cpuUsage();
    expect(() => run(instance, { request })).toThrow(expect.objectContaining({ code: "out-of-fuel" }));
    expect(process.cpuUsage(startedAt).user).toBeLessThan(2_000_000);
    expect(instance.fuelUsed).toBe(defaultExecutionLimits.turnFuel);
    expect(instance.isReusable).toBe(false);
  });

  test.each<[string, unknown[]]>([
    ["is no operation", ["no such thing", {}]],
    ["has parameters that are no object", ["digest", "SHA-256"]],
    ["has inputs that are no bytes", ["digest", { hash: "SHA-256" }, "text"]],
    ["has no inputs where some are needed", ["ecdh", { curve: "P-256" }]],
  ])("a guest sees an error if its request %s", (_, request) => {
    expect(run(start(), { request }).completion?.ok).toBe(false);
  });

  test("an oversized request ends the turn", () => {
    const long = { request: ["digest", { hash: "x".repeat(2_000) }] };
    expect(() => run(start(), long)).toThrow(expect.objectContaining({ code: "limit-exceeded" }));
    expect(() => run(start(), { request: ["x".repeat(100), {}] })).toThrow("maxOperationNameBytes");
  });
});

function run(instance: Instance, payload: object): Turn {
  return instance.enter((core) => core.run(testContext, bytesOf(payload)));
}

function resultOf(turn: Turn): unknown {
  return JSON.parse(textOf(turn.completion?.json));
}

describe("pointers of a hostile guest", () => {
  test.each<[string, number[]]>([
    ["beyond the memory", [0, 6, 65_500, 100, 0, 0, 0]],
    ["with a negative length", [0, -1, 0, 2, 0, 0, 0]],
    ["to lists beyond the memory", [0, 6, 8, 2, 65_530, 1, 0]],
    ["with more lists than there may be", [0, 6, 8, 2, 0, 1_000_000, 0]],
    ["with a negative number of lists", [0, 6, 8, 2, 0, -1, 0]],
    ["missing", []],
  ])("%s end the turn without a computation", (_, values) => {
    const memory = new ArrayBuffer(65_536);
    new Uint8Array(memory).set(new TextEncoder().encode("digest  {}"));
    const recorder = createTurnRecorder({
      memory: () => memory,
      limits: () => defaultExecutionLimits,
      stop() {},
    });
    let computed = 0;
    const computeImport = createComputeImport(
      (request, charge) => {
        computed += values.length === 0 ? 0 : 1;
        return compute(request, charge);
      },
      {
        memory: () => memory,
        meter: () => ({ charge: () => true }) as unknown as Meter,
        put: ({ length }) => [1, length],
        markDirty() {},
        guard: recorder.guard,
      },
    );
    computeImport(...values);
    expect(computed).toBe(0);
    if (values.length > 0) expect(recorder.finish).toThrow(/limit is|guest's memory/);
  });
});
