import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { on } from "node:events";
import { createInterface } from "node:readline";
import { Client } from "pg";
import { beforeAll, expect, test } from "vitest";
import { endWithTests } from "../../../test/support/end-with-tests.ts";
import { createPostgresDatabase, describeWithPostgres } from "../../../test/support/postgres.ts";
import { silentLogger } from "../testing/logger.ts";
import { coordinationContract } from "./coordination.contract.ts";
import { PostgresCoordination } from "./postgres-coordination.ts";

describeWithPostgres("leases and notices by PostgreSQL", () => {
  let url: string;
  beforeAll(async () => {
    url = await createPostgresDatabase();
  });
  const open = () =>
    new PostgresCoordination({ connect: async () => await connectTo(url), logger: silentLogger });

  coordinationContract(open);

  test("a notice reaches the other processes once, and this one only directly", async () => {
    await using first = open();
    await using second = open();
    const received: string[] = [];
    using _first = first.subscribe("queues", (key = "all") => received.push(`first ${key}`));
    using _second = second.subscribe("queues", (key = "all") => received.push(`second ${key}`));
    // Both have their connection.
    await expect.poll(() => received.toSorted()).toEqual(["first all", "second all"]);
    received.length = 0;
    first.publish("queues", "a b");
    second.publish("queues", "");
    await expect.poll(() => received.toSorted()).toEqual(["first ", "first a b", "second ", "second a b"]);
  });

  test("a task runs in one of several processes, and in another once its process was killed", async () => {
    await using crowd = startHolders(url, 3);
    const first = await crowd.nextHolder();
    first.kill("SIGKILL");
    const second = await crowd.nextHolder();
    expect(second.pid).not.toBe(first.pid);
    second.kill("SIGKILL");
    expect(new Set([first, second, await crowd.nextHolder()]).size).toBe(3);
  });

  test("a lost connection ends the task, and with a new one everything may have changed", async () => {
    await using coordination = open();
    const events: string[] = [];
    using _all = coordination.subscribe("queues", (key = "all") => events.push(key));
    await using _lease = coordination.lease("sweep", () => {
      events.push("start");
      return { [Symbol.asyncDispose]: async () => void events.push("end") };
    });
    await expect.poll(() => events).toEqual(["all", "start"]);
    await endConnections(url);
    await expect.poll(() => events).toHaveLength(5);
    expect(events.slice(2).toSorted()).toEqual(["all", "end", "start"]);
    expect(events.indexOf("end")).toBeLessThan(events.lastIndexOf("start"));
  });

  test("a notice that is too long is refused", async () => {
    await using coordination = open();
    expect(() => coordination.publish("queues", "x".repeat(8_000))).toThrow("too long");
  });
});

async function endConnections(url: string): Promise<void> {
  const client = await connectTo(url);
  await client.query(`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`);
  await client.end();
}

/** Starts processes that want the same lease. */
function startHolders(url: string, count: number) {
  const children = Array.from({ length: count }, () => startHolder(url));
  const holders = merge(children);
  return {
    /** The process that gets the lease next. */
    async nextHolder(): Promise<ChildProcess> {
      const { value } = await holders.next();
      return value as ChildProcess;
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill("SIGKILL");
    },
  };
}

async function connectTo(url: string): Promise<Client> {
  const client = new Client(url);
  await client.connect();
  return client;
}

function startHolder(url: string): ChildProcess {
  const module = JSON.stringify(new URL("./postgres-coordination.ts", import.meta.url).href);
  const source = `
    import { Client } from "pg";
    import { PostgresCoordination } from ${module};
    const connect = async () => {
      const client = new Client(${JSON.stringify(url)});
      await client.connect();
      return client;
    };
    const logger = { info() {}, error: (message, { error }) => console.error(message, error) };
    new PostgresCoordination({ connect, logger }).lease("sweep of a test", () => {
      console.log("holds the lease");
      return { async [Symbol.asyncDispose]() {} };
    });
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "inherit"],
  });
  endWithTests(child);
  return child;
}

async function* merge(children: readonly ChildProcess[]): AsyncGenerator<ChildProcess> {
  const waiting = new Map(children.map((child) => [child, nextLine(child)] as const));
  while (waiting.size > 0) {
    const child = await Promise.race(waiting.values());
    waiting.delete(child);
    yield child;
  }
}

async function nextLine(child: ChildProcess): Promise<ChildProcess> {
  if (child.stdout === null) throw new Error("The process has no output");
  for await (const _line of on(createInterface(child.stdout), "line")) return child;
  return child;
}
