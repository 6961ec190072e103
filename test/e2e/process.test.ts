import { spawn } from "node:child_process";
import { cp, readFile, readdir, readlink, stat } from "node:fs/promises";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, until, untilEnded } from "../support/executions.ts";
import { freePorts } from "../support/free-ports.ts";
import { createInstance, sharedInstance, startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

describe("the process", () => {
  test("prints its URLs, the root key on the first start only, and ready last, and stops on SIGTERM without child processes", async () => {
    await using instance = await startInstance({ DURANIUM_ROOT_KEY: "" });
    const key = /dur_[0-9A-Za-z]{33}/.exec(instance.output())?.[0];
    expect(key).toBeDefined();
    const answer = await fetch(`${instance.url}/workflows`, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(200);
    expect(instance.output().trimEnd().split("\n").at(-1)).toBe(`ready: ${instance.url}`);
    expect(instance.output()).toContain(`Restate UI  ${instance.url}/ui/`);
    const restate = await restatePid(instance);
    expect(isAlive(restate)).toBe(true);
    expect(await instance.stop()).toBe(0);
    await untilGone(restate);
    const before = instance.output().length;
    await instance.start({ environment: { DURANIUM_LOG_FORMAT: "json", DURANIUM_ACCESS_LOG: "on" } });
    await instance.request("GET", "/workflows?limit=1");
    await untilOutput(instance, '"/workflows"');
    const lines = instance.output().slice(before).trimEnd().split("\n");
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(logged).toContainEqual(expect.objectContaining({ level: "info", msg: `ready: ${instance.url}` }));
    expect(logged).toContainEqual(
      expect.objectContaining({
        access: expect.objectContaining({ method: "GET", path: "/workflows", status: 401 }) as unknown,
      }),
    );
    expect(instance.output().split(String(key))).toHaveLength(2);
  });

  describe("and its Restate server", () => {
    let instance: Instance;
    beforeAll(async () => {
      instance = await startInstance();
    });
    afterAll(async () => {
      await instance[Symbol.asyncDispose]();
    });

    test("ends its Restate server when it is killed with -9, and does not signal that of the installation from which its data was copied", async () => {
      await using copy = await createInstance();
      await cp(instance.dataDir, copy.dataDir, {
        recursive: true,
        filter: (path) => !path.endsWith(".sock"),
      });
      await copy.start();
      expect(isAlive(await restatePid(instance))).toBe(true);
      expect(await instance.request("GET", "/readyz")).toMatchObject({ status: 200 });
      expect(instance.output()).not.toContain("Restate exited");
      const own = await restatePid(copy);
      await copy.kill();
      await untilGone(own);
    });

    test("responds with 503 while its Restate server is down, restarts it, and confines leftovers of the killed one to the data directory", async () => {
      const temporary = join(instance.dataDir, "restate", "tmp");
      const before = await readdir(temporary);
      expect(before).not.toEqual([]);
      const pid = instance.pid;
      const ports = await occupyAfterKill(instance);
      await untilOutput(instance, "Restate exited and will be restarted");
      expect(await instance.request("GET", "/readyz")).toMatchObject({ status: 503 });
      expect(await instance.request("GET", "/executions")).toMatchObject({
        status: 503,
        body: { code: "restate-unavailable" },
      });
      ports.close();
      await untilOutput(instance, "Restate is running again");
      expect(await instance.request("GET", "/readyz")).toMatchObject({ status: 200 });
      expect(instance.pid).toBe(pid);
      expect((await readdir(temporary)).filter((name) => before.includes(name))).toEqual([]);
      expect(await instance.stop()).toBe(0);
    });
  });

  test("makes its Restate server listen on Unix sockets of its user only, also after kills", async () => {
    await using instance = await startInstance({ RESTATE_LISTEN_MODE: "unix" });
    await deploy(
      instance,
      "waits-in-process",
      "export const run = async (ctx) => await ctx.waitForEvent('go');",
    );
    const executionId = await startExecution(instance, "waits-in-process");
    await until(instance, executionId, ({ waitingFor }) => waitingFor.length > 0);
    expect(await listenersOf(await restatePid(instance))).toEqual([]);
    const sockets = join(instance.dataDir, "restate", "duranium");
    for (const name of ["ingress.sock", "admin.sock", "fabric.sock"])
      expect((await stat(join(sockets, name))).mode & 0o077).toBe(0);
    expect(await instance.request("GET", "/ui/")).toMatchObject({ status: 200 });
    await instance.kill();
    await instance.start();
    expect(await instance.request("GET", "/readyz")).toMatchObject({ status: 200 });
    process.kill(-(await restatePid(instance)), "SIGKILL");
    await untilOutput(instance, "Restate is running again");
    await instance.request("POST", `/executions/${executionId}/events/go`, { body: "gone" });
    expect(await untilEnded(instance, executionId)).toMatchObject({ result: "gone" });
    // The same data under ports, as an operator may want it.
    await instance.stop();
    await instance.start({ environment: { RESTATE_LISTEN_MODE: "tcp" } });
    expect(await listenersOf(await restatePid(instance))).toHaveLength(3);
    expect(await untilEnded(instance, executionId)).toMatchObject({ result: "gone" });
  });

  test("rejects a data directory in use, without affecting the process that uses it", async () => {
    await using instance = await sharedInstance();
    await using second = await createInstance({ DURANIUM_DATA_DIR: instance.dataDir });
    await expect(second.start()).rejects.toThrow();
    expect(lastLine(second)).toBe(
      `duranium: Another Duranium process is running on the data directory ${instance.dataDir}: stop it first, or set DURANIUM_DATA_DIR to another folder`,
    );
    expect(await instance.request("GET", "/readyz")).toMatchObject({ status: 200 });
  });

  test.each([
    "PORT",
    "RESTATE_INGRESS_PORT",
    "RESTATE_ADMIN_PORT",
    "RESTATE_NODE_PORT",
    "DURANIUM_EXECUTOR_PORT",
  ])("names %s if that port is in use", async (variable) => {
    const [port] = await freePorts(1);
    const server = await occupy(port ?? 0);
    try {
      await using instance = await createInstance({ [variable]: String(port) });
      await expect(instance.start()).rejects.toThrow();
      expect(lastLine(instance)).toBe(`duranium: port ${port} is in use: set ${variable} to a free port`);
    } finally {
      server.close();
    }
  });

  test.each([
    [{ DURANIUM_DATA_DIR: "/proc/duranium" }, "set DURANIUM_DATA_DIR to a folder that can be written"],
    [{ PORT: "http" }, "PORT must be a port number"],
    [
      { DURANIUM_DATA_DIR: fileURLToPath(new URL("../../package.json/data", import.meta.url)) },
      "set DURANIUM_DATA_DIR to a folder that can be written",
    ],
    [{ DURANIUM_ROOT_KEY: "short" }, "DURANIUM_ROOT_KEY must have 24 characters or more"],
    [{ DURANIUM_EGRESS_ALLOW: "not an address" }, "DURANIUM_EGRESS_ALLOW"],
    [{ DURANIUM_TRUSTED_PROXIES: "my-proxy" }, "DURANIUM_TRUSTED_PROXIES cannot be read"],
    [{ DURANIUM_MASTER_KEY: "short" }, "DURANIUM_MASTER_KEY cannot be read"],
    [{ DURANIUM_DATA_DIRECTORY: "/d" }, "Did you mean DURANIUM_DATA_DIR?"],
    [{ HOST: "203.0.113.1" }, "HOST is not an address of this machine"],
    [{ DURANIUM_ROLE: "worker" }, 'DURANIUM_ROLE must be "all", "api" or "executor"'],
    [{ DURANIUM_ROLE: "api" }, "RESTATE_INGRESS_URL and RESTATE_ADMIN_URL must be set"],
  ])("rejects %j with one line that says what to change", async (environment, said) => {
    await using instance = await createInstance(environment);
    await expect(instance.start()).rejects.toThrow();
    expect(lastLine(instance)).toContain(said);
  });

  test("--check validates the configuration without a start", async () => {
    await using instance = await createInstance();
    await expect(instance.start({ args: ["--check"] })).rejects.toThrow("ended with 0");
    const made = join(instance.dataDir, "new/data");
    const environment = { DURANIUM_DATA_DIR: made };
    await expect(instance.start({ args: ["--check"], environment })).rejects.toThrow("ended with 0");
    expect((await stat(made)).mode & 0o777).toBe(0o700);
    // A folder that this start has made is private already, so there is nothing to report.
    expect(instance.output()).toBe("");
    await expect(
      instance.start({ args: ["--check"], environment: { DURANIUM_MASTER_KEY: "short" } }),
    ).rejects.toThrow("ended with 1");
  });

  test("runs as a separate API and executor with a separate Restate server", async () => {
    await using whole = await startInstance();
    const urls = {
      RESTATE_INGRESS_URL: whole.restateIngressUrl,
      RESTATE_ADMIN_URL: whole.restateAdminUrl,
      DURANIUM_DATA_DIR: whole.dataDir,
    };
    await using executor = await startInstance({ ...urls, DURANIUM_ROLE: "executor" });
    await using api = await startInstance({ ...urls, DURANIUM_ROLE: "api" });
    expect(executor.output()).toContain("ready: ");
    expect(await executor.request("GET", "/readyz")).toMatchObject({ status: 200 });
    expect(String((await executor.request("GET", "/metrics")).body)).toContain(
      "duranium_sandbox_instances_in_use 0",
    );
    expect(await executor.request("GET", "/workflows")).toMatchObject({ status: 404 });
    const deployed = await api.request("POST", "/workflows/split/deploy", {
      body: { source: "export async function run() { return 'split'; }" },
    });
    expect(deployed.status).toBe(201);
    const { body } = await api.request("POST", "/workflows/split/execute", {
      headers: { prefer: "wait=20" },
    });
    expect(body).toMatchObject({ status: "completed", result: "split" });
  });

  test("starts with npm start in the same way", async () => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(manifest.scripts["start"]).toBe("exec node src/main.ts");
    expect(manifest.scripts["prestart"]).toMatch(/^node src\/main\.ts --check && /);
    const version = await outputOf("npm", ["exec", "--offline", "--", "node", "--version"], root);
    expect(Number(/v(\d+)/.exec(version)?.[1])).toBeGreaterThanOrEqual(22);
  });
});

async function restatePid(instance: Instance): Promise<number> {
  return Number.parseInt(await readFile(join(instance.dataDir, "restate", "restate.pid"), "utf8"), 10);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Kills the Restate server, and keeps one of its ports so that it cannot be replaced before `close`. */
async function occupyAfterKill(instance: Instance): Promise<Server> {
  const port = Number(new URL(instance.restateAdminUrl).port);
  process.kill(-(await restatePid(instance)), "SIGKILL");
  for (;;) {
    const server = await occupy(port).catch(() => undefined);
    if (server !== undefined) return server;
    await delay(5);
  }
}

/** The TCP sockets on which processes of a group listen, as Linux lists them (man 5 proc_pid_net). */
async function listenersOf(group: number): Promise<readonly string[]> {
  const tables = await Promise.all(
    ["tcp", "tcp6"].map(async (name) => await readFile(`/proc/net/${name}`, "utf8")),
  );
  const sockets = new Set((await Promise.all((await processesOf(group)).map(socketsOf))).flat());
  return tables
    .flatMap((table) => table.trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === listening && sockets.has(`socket:[${inode}]`))
    .map(([, address = ""]) => address);
}

const listening = "0A";

async function processesOf(group: number): Promise<readonly string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const groups = await Promise.all(
    ids.map(
      async (id) =>
        (await readFile(`/proc/${id}/stat`, "utf8").catch(() => "")).replace(/^.*\) /, "").split(" ")[2],
    ),
  );
  return ids.filter((_id, index) => groups[index] === String(group));
}

async function socketsOf(pid: string): Promise<readonly string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  return await Promise.all(
    descriptors.map(async (name) => await readlink(`/proc/${pid}/fd/${name}`).catch(() => "")),
  );
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(20);
}

async function untilOutput(instance: Instance, text: string): Promise<void> {
  while (!instance.output().includes(text)) await delay(20);
}

function lastLine(instance: Instance): string {
  return instance.output().trimEnd().split("\n").at(-1) ?? "";
}

async function occupy(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return server;
}

async function outputOf(command: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  await new Promise((resolve) => child.once("close", resolve));
  return text;
}
