import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startExecution, deploy, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";

test("an execution with a damaged image runs no code, reports the reason, and continues after the image is restored", async () => {
  await using instance = await sharedInstance();
  const { imageDigest } = await deploy(
    instance,
    "damaged",
    "export async function run() { return 'intact'; }",
  );
  const path = join(instance.dataDir, "artifacts", imageDigest.slice(0, 2), imageDigest);
  const intact = await readFile(path);
  await instance.stop();
  await writeFile(path, Buffer.concat([intact.subarray(0, -1), Buffer.from([0xff])]));
  await instance.start();
  const id = await startExecution(instance, "damaged");
  const { lastFailure } = await until(instance, id, ({ status }) => status === "retrying");
  expect(lastFailure.code).toBe("artifact-corrupt");
  expect(lastFailure.message).toContain(imageDigest);
  await writeFile(path, intact);
  expect(await untilEnded(instance, id)).toMatchObject({ status: "completed", result: "intact" });
});
