import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { countFor } from "../bench.ts";
import type { BenchRun } from "../bench.ts";
import type { Lab } from "../support/lab.ts";
import { measureMemory } from "../support/memory.ts";
import { reports } from "../support/workflows.ts";
import { resultOf, timed } from "../turns.ts";

const keys = 10;

/** Many executions that wait in one queue: the memory of the process, the time until all ran, and their order. */
export async function measureQueued(run: BenchRun, lab: Lab): Promise<void> {
  const count = countFor(run.length, { quick: 100, usual: 10_000 });
  const { instance } = lab;
  await using record = await startRecord();
  await lab.deploy("queued", reports);
  const flow = { concurrency: { perKey: 1, key: "/key" } };
  await instance.request("PUT", "/workflows/queued/settings", { body: { flow } });
  const queue = "/queues/workflow:queued";
  await instance.request("PATCH", queue, { body: { paused: true } });
  const before = await measureMemory(instance);
  const isQueued = async (number: number) => {
    const { body } = await instance.request("GET", queue);
    return body.queued >= number;
  };
  const queueMs = await timed(async () => {
    await sendInOrder(lab, record.url, count);
    while (!(await isQueued(count))) await delay(200);
  });
  const queued = await measureMemory(instance);
  const drainMs = await timed(async () => {
    await instance.request("PATCH", queue, { body: { paused: false } });
    await record.has(count);
  });
  const after = await measureMemory(instance);
  const what = `${count} queued executions of ${keys} keys`;
  const memories = [
    resultOf("before", [{ ...before }]),
    resultOf("queued", [{ ...queued }]),
    resultOf("after", [{ ...after }]),
  ];
  run.report({ what, unit: "MB", results: memories });
  const figures = { queued: queueMs / 1_000, drained: drainMs / 1_000, "out of order": record.outOfOrder() };
  run.report({ what, unit: "s, number of executions", results: [resultOf("Duranium", [figures])] });
}

/** Each execution is accepted after the one before it with the same key. */
async function sendInOrder({ instance }: Lab, url: string, count: number): Promise<void> {
  const send = async (key: number) => {
    for (let number = 0; number < count / keys; number += 1) {
      const body = { url, key: String(key), number };
      const { status } = await instance.request("POST", "/workflows/queued/execute", { body });
      if (status !== 202) throw new Error(`The API answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: keys }, (_, key) => send(key)));
}

/** Receives `POST /<key>/<number>`. */
async function startRecord() {
  const started = new Map<string, number[]>();
  const server = createServer((request, response) => {
    const [, key = "", number] = (request.url ?? "").split("/");
    started.set(key, [...(started.get(key) ?? []), Number(number)]);
    request.resume().once("end", () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async has(count: number): Promise<void> {
      while ([...started.values()].flat().length < count) await delay(100);
    },
    /** The number of executions that started before one with the same key that was accepted earlier. */
    outOfOrder(): number {
      const lists = [...started.values()];
      const late = lists.map(
        (list) => list.filter((number, index) => number < Math.max(...list.slice(0, index))).length,
      );
      return late.reduce((sum, each) => sum + each, 0);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
