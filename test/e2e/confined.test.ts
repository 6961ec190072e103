import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { deploy, execute } from "../support/executions.ts";
import { executorBeside } from "../support/executor-beside.ts";
import { createInstance, startInstance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";

const probe = fileURLToPath(new URL("../support/permission-probe.mjs", import.meta.url));

test("a confined executor deploys and executes, writes only to its data directory, and its guest threads have no permissions", async () => {
  await using target = await startTarget({ "GET /answer": () => 42 });
  await using instance = await startInstance();
  await using executor = await createInstance({
    ...executorBeside(instance),
  });
  // Where it can be read: a preload elsewhere could not.
  const preload = join(executor.dataDir, "probe.mjs");
  await copyFile(probe, preload);
  await executor.start({ entry: "src/confined.ts", execArgv: [`--require=${preload}`] });
  // New executions go to the executor that was registered last.
  await deploy(
    instance,
    "asks",
    `export async function run(ctx, url) {
      console.log("asking");
      return await (await fetch(url + "/answer")).json();
    }`,
  );
  expect(await execute(instance, "asks", target.url)).toMatchObject({ status: "completed", result: 42 });
  for (const thread of ["sandbox", "evaluation"]) {
    while (!executor.output().includes(`probe: ${thread}: read the release`)) await delay(50);
  }
  const probed = executor.output().match(/^probe: .*/gm) ?? [];
  const refused = "ERR_ACCESS_DENIED";
  const outside = ["write outside", "read outside", "wasi", "write the release"];
  const inThreads = [...outside, "start a program", "read the release"];
  expect(new Set(probed)).toEqual(
    new Set([
      ...outside.map((what) => `probe: process: ${what}: ${refused}`),
      "probe: process: write inside: done",
      ...inThreads.map((what) => `probe: sandbox: ${what}: ${refused}`),
      ...inThreads.map((what) => `probe: evaluation: ${what}: ${refused}`),
    ]),
  );
  const printed = executor.output().split("\n");
  expect(printed.filter((line) => !line.startsWith("probe:") && /denied|restricted/i.test(line))).toEqual([]);
});
