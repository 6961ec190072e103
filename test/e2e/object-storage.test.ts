import { readdir, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deploy, execute, startExecution, untilEnded } from "../support/executions.ts";
import { startFaultyProxy } from "../support/faulty-proxy.ts";
import type { FaultyProxy } from "../support/faulty-proxy.ts";
import { createInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { describeWithObjectStorage, startObjectStorage } from "../support/object-storage.ts";
import type { ObjectStorageServer } from "../support/object-storage.ts";

const waiting = "export async function run(ctx) { return (await ctx.waitForEvent('go')) + ' after'; }";
const returning = (value: string) => `export async function run() { return '${value}'; }`;

describeWithObjectStorage("an installation with its artifacts in a bucket", () => {
  let server: ObjectStorageServer;
  let proxy: FaultyProxy;
  let instance: Instance;
  beforeAll(async () => {
    server = await startObjectStorage();
    proxy = await startFaultyProxy(server.endpoint);
    const bucket = await server.createBucket();
    instance = await createInstance({
      DURANIUM_ARTIFACTS_URL: `s3://${bucket}/test?endpoint=${proxy.url}`,
      AWS_ACCESS_KEY_ID: server.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    });
    await instance.start();
    await deploy(instance, "cached", returning("cached"));
    await deploy(instance, "uncached", returning("uncached"));
    await deploy(instance, "waiting", waiting);
  });
  afterAll(async () => {
    proxy?.inject(undefined);
    await instance?.[Symbol.asyncDispose]();
    await proxy?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test("stores no artifact in the data directory outside of the cache", async () => {
    expect(await execute(instance, "cached")).toMatchObject({ status: "completed", result: "cached" });
    const names = await readdir(instance.dataDir);
    expect(names).toContain("artifact-cache");
    expect(names).not.toContain("artifacts");
  });

  test("starts, executes and resumes from the cache while the bucket is unavailable, and the others wait", async () => {
    const inFlight = await startExecution(instance, "waiting");
    await emptyCache();
    await execute(instance, "cached");
    const sameImage = await startExecution(instance, "waiting");
    await sendEvent(sameImage);
    await untilEnded(instance, sameImage);
    proxy.inject({ kind: "unavailable" });
    await instance.kill();
    await instance.start();
    expect(instance.output()).toContain("cannot check the artifacts");

    const others = await Promise.all([1, 2, 3].map(async () => await startExecution(instance, "uncached")));
    expect(await execute(instance, "cached")).toMatchObject({ status: "completed", result: "cached" });
    await sendEvent(inFlight);
    expect(await untilEnded(instance, inFlight)).toMatchObject({ result: "event after" });

    const refused = proxy.requests.length;
    await expect.poll(() => proxy.requests.length).toBeGreaterThan(refused + 4);
    for (const id of others) {
      const { body } = await instance.request("GET", `/executions/${id}`);
      expect(body.completedAt ?? null).toBeNull();
    }
    proxy.inject(undefined);
    for (const id of others)
      expect(await untilEnded(instance, id)).toMatchObject({ status: "completed", result: "uncached" });
  });

  test.each([
    ["overloaded", { kind: "error", status: 503, code: "SlowDown" }],
    ["unavailable", { kind: "unavailable" }],
  ] as const)("a deploy waits while the bucket is %s", async (name, fault) => {
    proxy.inject(fault);
    const before = proxy.requests.length;
    const deployed = deploy(instance, `deployed-${name}`, returning(name));
    await expect.poll(() => proxy.requests.length).toBeGreaterThan(before + 4);
    proxy.inject(undefined);
    await deployed;
    expect(await execute(instance, `deployed-${name}`)).toMatchObject({ result: name });
  });

  test("replaces damaged files of the cache, while the bucket is slow and cuts responses off", async () => {
    await instance.kill();
    const cache = join(instance.dataDir, "artifact-cache");
    for (const name of await readdir(cache)) await truncate(join(cache, name), 10);
    await instance.start();
    proxy.inject({ kind: "slow", delayMs: 300 });
    expect(await execute(instance, "cached")).toMatchObject({ result: "cached" });
    proxy.inject({ kind: "cut" }, 3);
    expect(await execute(instance, "uncached")).toMatchObject({ result: "uncached" });
  });

  test("a start with a wrong bucket says what is wrong", async () => {
    await instance.kill();
    const environment = { DURANIUM_ARTIFACTS_URL: `s3://missing-bucket?endpoint=${proxy.url}` };
    await expect(instance.start({ environment })).rejects.toThrow('there is no bucket "missing-bucket"');
  });

  async function sendEvent(executionId: string): Promise<void> {
    await instance.request("POST", `/executions/${executionId}/events/go`, { body: "event" });
  }

  /** Restarts without an image in memory and in the cache. */
  async function emptyCache(): Promise<void> {
    await instance.kill();
    await rm(join(instance.dataDir, "artifact-cache"), { recursive: true, force: true });
    await instance.start();
  }
});
