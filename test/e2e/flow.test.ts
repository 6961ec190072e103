import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploy, startExecution, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { startRecordingTarget, workingSource } from "../support/recording-target.ts";
import type { RecordingTarget } from "../support/recording-target.ts";

/** Flow control against a target that records when it works on what. */
describe("flow control", () => {
  let instance: Instance;
  let target: RecordingTarget;
  beforeAll(async () => {
    instance = await startInstance();
  });
  afterAll(async () => {
    await instance[Symbol.asyncDispose]();
  });

  /** Deploys the working workflow under a name of its own, with these settings, and a fresh target. */
  async function given(name: string, flow: unknown, source = workingSource): Promise<string> {
    target = await startRecordingTarget();
    await deploy(instance, name, source);
    const { status, body } = await instance.request("PUT", `/workflows/${name}/settings`, { body: { flow } });
    expect([status, body.flow ?? body]).toEqual([200, flow]);
    return name;
  }

  const start = async (workflow: string, payload: object) =>
    await startExecution(instance, workflow, { url: target.url, ...payload });
  const ends = async (ids: readonly string[]) =>
    await Promise.all(ids.map(async (id) => await untilEnded(instance, id)));

  test("a total limits the executions that run, and all of them run", async () => {
    const workflow = await given("total", { concurrency: { total: 2 } });
    const ids = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => await start(workflow, { name: `${n}` })),
    );
    const ended = await ends(ids);
    expect(ended.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => "completed"));
    expect([target.work.length, target.mostAtOnce()]).toEqual([8, 2]);
  });

  test("a limit for each key applies to each key, and executions with one key start in order", async () => {
    const workflow = await given("per-key", { concurrency: { perKey: 1, key: "/key" } });
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      for (const key of ["a", "b"]) ids.push(await start(workflow, { key, name: `${n}`, ms: 200 }));
    }
    await ends(ids);
    for (const key of ["a", "b"]) {
      expect(target.mostAtOnce(key)).toBe(1);
      expect(target.work.filter((each) => each.key === key).map(({ name }) => name)).toEqual([
        "0",
        "1",
        "2",
        "3",
      ]);
    }
    expect(target.mostAtOnce()).toBe(2);
  });
});
