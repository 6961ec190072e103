import { describe, expect, test } from "vitest";
import { digestOf } from "../../base/sha256.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { Image } from "../instances/engine-state.ts";
import { imageOf, loadTestEngine, testContext } from "../testing/images.ts";
import { WorkerThread, preempted } from "./worker-thread.ts";

const options = { name: "tested", turnTimeoutMs: 60_000, maxInstances: 1 };

const owner = "inv_tested";

/** An empty module without the exports of an engine: it ends the thread that receives it. */
const brokenEngine = {
  digest: digestOf("broken"),
  module: new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  memory: new Uint8Array(),
  globals: [],
};

describe("a worker thread", () => {
  test("pending and later turns reject when the thread has exited", async () => {
    const engine = await loadTestEngine();
    const image = await imageOf(engine, "export const run = () => 1;");
    await using thread = new WorkerThread(options);
    thread.provide(brokenEngine);
    const turn = () =>
      thread.turn({
        kind: "run",
        guest: thread.open(),
        engineDigest: engine.digest,
        owner,
        image,
        limits: defaultExecutionLimits,
        context: testContext,
        payload: new Uint8Array(),
      });
    await expect(turn()).rejects.toMatchObject({ code: "worker-lost", cause: expect.any(Error) });
    expect(thread.hasEnded).toBe(true);
    await expect(turn()).rejects.toMatchObject({ code: "worker-lost" });
  });

  test("movable turns behind a long one are preempted and never run", async () => {
    const engine = await loadTestEngine();
    const long = await imageOf(engine, "export function run() { for (let i = 0; i < 2_000_000; i++); }");
    const short = await imageOf(engine, "export const run = () => 1;");
    await using thread = new WorkerThread(options);
    thread.provide(engine);
    const turn = (image: Image, guest: number, isMovable: boolean) => {
      const limits = { ...defaultExecutionLimits, turnFuel: 1e15, executionFuel: 1e15 };
      const { digest: engineDigest } = engine;
      const payload = new TextEncoder().encode("null");
      return thread.turn(
        { kind: "run", guest, engineDigest, owner, image, limits, context: testContext, payload },
        isMovable,
      );
    };
    const [holder, waiting, staying] = [thread.open(), thread.open(), thread.open()];
    const longOne = turn(long, holder, true);
    const displacedOne = turn(short, waiting, true);
    const stayingOne = turn(short, staying, false);
    expect(await displacedOne).toBe(preempted);
    expect(thread.isOpen).toBe(false);
    expect(await turn(short, waiting, true)).toBe(preempted);
    expect(await longOne).toMatchObject({ done: {} });
    expect(await stayingOne).toMatchObject({ done: { completion: { ok: true } } });
    // The guest never ran on this thread, so it has no instance.
    const now = 0;
    expect(await thread.turn({ kind: "cancel", guest: waiting, now })).toMatchObject({
      failed: { message: `Guest ${waiting} was entered before it ran` },
    });
  });

  test("pending turns reject when the thread is disposed", async () => {
    const engine = await loadTestEngine();
    const image = await imageOf(engine, "export function run() { for (;;); }");
    const thread = new WorkerThread(options);
    thread.provide(engine);
    const turn = thread.turn({
      kind: "run",
      guest: thread.open(),
      engineDigest: engine.digest,
      owner,
      image,
      limits: defaultExecutionLimits,
      context: testContext,
      payload: new Uint8Array(),
    });
    const refused = expect(turn).rejects.toMatchObject({ code: "worker-lost" });
    await thread[Symbol.asyncDispose]();
    await refused;
  });
});
