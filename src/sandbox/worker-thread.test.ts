import { describe, expect, it } from "vitest";
import { defaultExecutionLimits } from "../domain/execution-limits.ts";
import { digestOf } from "../domain/digest.ts";
import { imageOf, loadTestEngine, testContext } from "./testing/images.ts";
import { WorkerThread } from "./worker-thread.ts";

const options = { name: "tested", turnTimeoutMs: 60_000, maxInstances: 1 };

/** `(module)`: it has nothing that an engine has, and so ends the thread that it is given to. */
const brokenEngine = {
  digest: digestOf("broken"),
  module: new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  memory: new Uint8Array(),
  globals: [],
};

describe("a worker thread", () => {
  it("tells those who wait when it dies, and those who come", async () => {
    const engine = await loadTestEngine();
    const image = await imageOf(engine, "export const run = () => 1;");
    await using thread = new WorkerThread(options);
    thread.provide(brokenEngine);
    const turn = () =>
      thread.turn({
        kind: "run",
        guest: thread.open(),
        engineDigest: engine.digest,
        image,
        limits: defaultExecutionLimits,
        context: testContext,
        payload: new Uint8Array(),
      });
    await expect(turn()).rejects.toMatchObject({ code: "worker-lost", cause: expect.any(Error) });
    expect(thread.hasEnded).toBe(true);
    await expect(turn()).rejects.toMatchObject({ code: "worker-lost" });
  });

  it("tells those who wait when it is disposed of", async () => {
    const engine = await loadTestEngine();
    const image = await imageOf(engine, "export function run() { for (;;); }");
    const thread = new WorkerThread(options);
    thread.provide(engine);
    const turn = thread.turn({
      kind: "run",
      guest: thread.open(),
      engineDigest: engine.digest,
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
