import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { deploy, startExecution, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { startRestateCluster } from "../support/restate-cluster.ts";
import type { RestateCluster, RestateNode } from "../support/restate-cluster.ts";
import { startTarget } from "../support/target.ts";
import { unexpectedLines } from "../verify/output.ts";

const perPhase = 12;

test("executions, deploys and requests outlast the death of the Restate node that leads most partitions", async () => {
  await using cluster = await startRestateCluster();
  await using target = await startTarget({ "GET /step": ({ path }) => path });
  await using instance = await startInstance({ ...cluster.environment });
  await deploy(instance, "orders", source("before"));
  await using api = askThroughout(instance);
  const run = async (phase: string) =>
    await Promise.all(
      Array.from({ length: perPhase }, async (_, number) => {
        const name = `${phase}-${number}`;
        const id = await startExecution(instance, "orders", { url: target.url, name });
        return { name, id };
      }),
    );

  const before = await run("before");
  const leader = await leadingNode(cluster);
  await leader.kill();
  const [during] = await Promise.all([run("during"), deploy(instance, "deployed", source("during"))]);
  const results = await resultsOf(instance, [...before, ...during]);
  await leader.start();
  await cluster.untilLed();
  await deploy(instance, "orders", source("after"));
  const after = await run("after");
  Object.assign(results, await resultsOf(instance, after));

  const started = [...before, ...during, ...after].map(({ name }) => name);
  expect(results).toEqual(
    Object.fromEntries(
      started.map((name) => [name, [name.startsWith("after") ? "after" : "before", ...pathsOf(name)]]),
    ),
  );
  const seen = target.seen.map(({ path }) => path);
  expect(seen).toEqual(expect.arrayContaining(started.flatMap(pathsOf)));
  expect(await api.failures()).toEqual([]);
  expect(unexpectedLines({ ordinary: "", aftermaths: [instance.output()] }, false)).toEqual([]);
});

const steps = ["a", "b", "c"];

/** The version returns its name and the answers of three requests, with sleeps between them. */
function source(version: string): string {
  return `export async function run(ctx, { url, name }) {
    const answers = ["${version}"];
    for (const step of ${JSON.stringify(steps)}) {
      const response = await fetch(url + "/step?" + name + "/" + step);
      answers.push(await response.json());
      await ctx.sleep("1s");
    }
    return answers;
  }`;
}

function pathsOf(name: string): readonly string[] {
  return steps.map((step) => `/step?${name}/${step}`);
}

async function leadingNode(cluster: RestateCluster): Promise<RestateNode> {
  const counts = await cluster.leaders();
  const most = cluster.nodes[counts.indexOf(Math.max(...counts))];
  if (most === undefined) throw new Error("no node leads a partition");
  return most;
}

async function resultsOf(
  instance: Instance,
  executions: readonly { readonly name: string; readonly id: string }[],
): Promise<Record<string, unknown>> {
  const results = executions.map(async ({ name, id }) => {
    const { status, result, failure } = await untilEnded(instance, id);
    return [name, status === "completed" ? result : { status, failure }] as const;
  });
  return Object.fromEntries(await Promise.all(results));
}

/** Asks the API for what it reads from Restate, one request after the other, until it is disposed. */
function askThroughout(instance: Instance) {
  const failures: string[] = [];
  const stopping = new AbortController();
  const asking = (async () => {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      const path = ["/executions?limit=5", "/workflows", "/readyz"][turn % 3] ?? "";
      const { status, body } = await instance.request("GET", path);
      if (status !== 200) failures.push(`GET ${path}: ${status} ${JSON.stringify(body)}`);
      await delay(50);
    }
  })();
  const stop = async () => {
    stopping.abort();
    await asking;
  };
  return {
    async failures(): Promise<readonly string[]> {
      await stop();
      return failures;
    },
    [Symbol.asyncDispose]: stop,
  };
}
