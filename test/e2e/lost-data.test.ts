import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { deploy, execute } from "../support/executions.ts";
import { createInstance, startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

const parts = [
  ["master.key", "accept-lost-master-key", "The master key"],
  ["artifacts", "accept-lost-artifacts", "There are no artifacts in"],
  ["restate", "accept-lost-executions", "Restate has no data"],
  ["duranium.sqlite", "accept-lost-database", "The database"],
] as const;

test("a start fails if a part of the data is missing, names it, and succeeds with the option that accepts the loss", async () => {
  await using instance = await startInstance();
  await deploy(instance, "greet", "export async function run() { return 'hello'; }");
  const secret = { value: "sk_live_0123456789", hosts: ["api.example.com"] };
  const put = await instance.request("PUT", "/workflows/greet/secrets/KEY", { body: secret });
  expect(put.status).toBeLessThan(300);
  await instance.stop();
  for (const [part, option, what] of parts) {
    const path = join(instance.dataDir, part);
    await rename(path, `${path}.aside`);
    await expect(instance.start()).rejects.toThrow();
    expect(lastLine(instance)).toContain(`duranium: ${what}`);
    expect(lastLine(instance)).toContain(`--${option}`);
    await rm(path, { recursive: true, force: true });
    await rename(`${path}.aside`, path);
  }
  await instance.start();
  expect(await execute(instance, "greet")).toMatchObject({ status: "completed", result: "hello" });
  await instance.stop();
  await rm(join(instance.dataDir, "restate"), { recursive: true });
  await rm(join(instance.dataDir, "master.key"));
  await instance.start({ args: ["--accept-lost-executions", "--accept-lost-master-key"] });
  expect(await execute(instance, "greet")).toMatchObject({ status: "completed", result: "hello" });
  await instance.stop();
  // The secret that nothing can decrypt is still there, so the loss must be accepted, or the secret be replaced.
  await expect(instance.start()).rejects.toThrow();
  await instance.start({ args: ["--accept-lost-master-key"] });
  await instance.request("PUT", "/workflows/greet/secrets/KEY", { body: secret });
  await instance.stop();
  await instance.start();
});

test("an unknown option is rejected", async () => {
  await using instance = await createInstance();
  await expect(instance.start({ args: ["--accept-everything"] })).rejects.toThrow();
  expect(lastLine(instance)).toContain("--accept-everything");
});

function lastLine(instance: Instance): string {
  return instance.output().trimEnd().split("\n").at(-1) ?? "";
}
