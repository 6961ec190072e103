import { spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deploy, execute } from "../support/executions.ts";
import { compiledDirectory, createInstance, startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

const waits = `
export async function run(ctx, name) {
  const visits = await ctx.state.update("visits", (count) => (count ?? 0) + 1);
  const { greeting } = await ctx.waitForEvent("greeting");
  return greeting + " " + name + ", visit " + visits;
}`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "duranium-backup-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("a backup of a running installation is restored into a new folder, with waiting executions, state, secrets and keys", async () => {
  await using instance = await startInstance({ DURANIUM_ROOT_KEY: "", RESTATE_LISTEN_MODE: "unix" });
  const key = /dur_[0-9A-Za-z]{33}/.exec(instance.output())?.[0] ?? "";
  const asOwner = { headers: { authorization: `Bearer ${key}` } };
  await instance.request("POST", "/workflows/greet/deploy", { ...asOwner, body: { source: waits } });
  const secret = { value: "sk_live_0123456789", hosts: ["api.example.com"] };
  await instance.request("PUT", "/workflows/greet/secrets/KEY", { ...asOwner, body: secret });
  const begun = await instance.request("POST", "/workflows/greet/execute", { ...asOwner, body: "Ada" });
  const { executionId } = begun.body as { executionId: string };
  await untilWaiting(instance, executionId, asOwner);
  const file = join(folder, "online.tar");
  expect(await command(instance, "back-up.ts", [file])).toMatchObject({
    code: 0,
    text: expect.stringContaining("Backup made and verified"),
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readdir(instance.dataDir)).filter((name) => name.startsWith(".backup-"))).toEqual([]);
  // The original continues.
  const posted = { ...asOwner, body: { greeting: "Hello" } };
  await instance.request("POST", `/executions/${executionId}/events/greeting`, posted);
  expect(await untilDone(instance, executionId, asOwner)).toMatchObject({ result: "Hello Ada, visit 1" });

  await using other = await createInstance({ DURANIUM_ROOT_KEY: "" });
  expect(await command(other, "restore.ts", [file])).toMatchObject({ code: 0 });
  await other.start();
  const late = { ...asOwner, body: { greeting: "Good morning" } };
  await other.request("POST", `/executions/${executionId}/events/greeting`, late);
  expect(await untilDone(other, executionId, asOwner)).toMatchObject({ result: "Good morning Ada, visit 1" });
  const secrets = await other.request("GET", "/workflows/greet/secrets", asOwner);
  expect(JSON.stringify(secrets.body)).toContain("KEY");
});

test("a stopped installation can be backed up, and damaged backups or existing data are rejected", async () => {
  await using instance = await startInstance();
  await deploy(instance, "plain", "export async function run() { return 'there'; }");
  await instance.stop();
  const file = join(folder, "offline.tar");
  expect(await command(instance, "back-up.ts", [file])).toMatchObject({ code: 0 });
  expect((await command(instance, "back-up.ts", [file])).text).toContain("exists already");
  expect((await command(instance, "restore.ts", [file])).text).toMatch(
    /is in the way: move the old data aside/,
  );
  await instance.start();
  expect(await execute(instance, "plain")).toMatchObject({ result: "there" });

  await using other = await createInstance();
  const { size } = await stat(file);
  const cut = join(folder, "cut.tar");
  await writeFile(cut, await readFile(file));
  await truncate(cut, Math.floor(size / 2));
  const changed = join(folder, "changed.tar");
  const bytes = await readFile(file);
  const at = bytes.indexOf("deployed_by");
  await writeFile(changed, bytes.fill(0x58, at, at + 4));
  for (const damaged of [cut, changed]) {
    const { code, text } = await command(other, "restore.ts", [damaged]);
    expect([code, text]).toEqual([1, expect.stringContaining("Cannot restore the backup")]);
    expect(await readdir(other.dataDir)).toEqual([]);
  }
  expect(await command(other, "restore.ts", [file])).toMatchObject({ code: 0 });
  await other.start();
  expect(await execute(other, "plain")).toMatchObject({ result: "there" });
});

type Headers = { readonly headers: Readonly<Record<string, string>> };

async function untilWaiting(instance: Instance, executionId: string, as: Headers): Promise<void> {
  for (;;) {
    const { body } = await instance.request("GET", `/executions/${executionId}`, as);
    if (JSON.stringify(body.waitingFor ?? "").includes("greeting")) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function untilDone(instance: Instance, executionId: string, as: Headers): Promise<unknown> {
  for (;;) {
    const { body } = await instance.request("GET", `/executions/${executionId}`, as);
    if (body.status === "completed") return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Runs a program of the command line's for the data directory of an instance. */
async function command(
  instance: Instance,
  program: string,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly text: string }> {
  const path = fileURLToPath(new URL(`../../src/${program}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: compiledDirectory,
      DURANIUM_DATA_DIR: instance.dataDir,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, text };
}
