import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AwsClient } from "aws4fetch";
import { describe } from "vitest";
import { endWithTests } from "./end-with-tests.ts";
import { freePorts } from "./free-ports.ts";
import { eventTimeoutMs } from "./time-limits.ts";

/** A service with the API of S3: the gateway of Ceph, with one monitor and one store in memory. It starts in two seconds. */
export interface ObjectStorageServer extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** @returns the name of a new bucket */
  createBucket(): Promise<string>;
  /** Sends a request that is signed with the keys of the server. */
  request(path: string, init?: RequestInit): Promise<Response>;
}

const programs = ["ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "monmaptool"];
export const isObjectStorageInstalled = programs.every((name) => existsSync(join("/usr/bin", name)));

/**
 * Defines tests that need an object storage. Where Ceph is not installed they are skipped with a message, except in CI,
 * where a missing server must not go unnoticed.
 */
export function describeWithObjectStorage(name: string, tests: () => void): void {
  if (isObjectStorageInstalled || process.env["CI"] === "true") {
    describe(name, tests);
    return;
  }
  const install = "apt-get install --no-install-recommends radosgw ceph-mon ceph-osd";
  process.stderr.write(`Skipped, as there is no object storage here (${install}): ${name}\n`);
  describe.skip(name, tests);
}

export async function startObjectStorage(): Promise<ObjectStorageServer> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), "duranium-ceph-")));
  const [port = 0, v1 = 0, v2 = 0] = await freePorts(3);
  const monitor = `[v2:127.0.0.1:${v2},v1:127.0.0.1:${v1}]`;
  await writeFile(join(folder.path, "ceph.conf"), configuration(folder.path, { port, monitor }));
  const ceph = inFolder(folder.path);
  for (const name of ["mon", "osd", "rgw"]) await mkdir(join(folder.path, name));

  await ceph.run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", monitor, "monmap");
  await ceph.run("ceph-mon", "--mkfs", "-i", "a", "--monmap", "monmap");
  stack.use(ceph.start("ceph-mon", "-f", "-i", "a"));
  const osd = randomUUID();
  await ceph.run("ceph", "osd", "new", osd, "0");
  await ceph.run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd);
  stack.use(ceph.start("ceph-osd", "-f", "-i", "0"));
  stack.use(ceph.start("radosgw", "-f", "-n", "client.rgw"));

  const endpoint = `http://127.0.0.1:${port}`;
  const keys = { accessKeyId: "duranium-tests", secretAccessKey: randomBytes(16).toString("hex") };
  await until(async () => (await fetch(endpoint)).ok, ceph);
  const names = ["--uid=tests", "--display-name=tests"];
  const given = [`--access-key=${keys.accessKeyId}`, `--secret-key=${keys.secretAccessKey}`];
  await ceph.run("radosgw-admin", "user", "create", ...names, ...given);

  const client = new AwsClient({ ...keys, service: "s3", region: "us-east-1", retries: 0 });
  const request = async (path: string, init: RequestInit = {}) =>
    await client.fetch(`${endpoint}/${path}`, init);
  const started = stack.move();
  return {
    endpoint,
    ...keys,
    request,
    async createBucket() {
      const bucket = `b${randomBytes(6).toString("hex")}`;
      const { ok, status } = await request(bucket, { method: "PUT" });
      if (!ok) throw new Error(`Cannot create a bucket: ${status}`);
      return bucket;
    },
    [Symbol.asyncDispose]: async () => await started.disposeAsync(),
  };
}

const fsid = "11111111-2222-3333-4444-555555555555";

/** One copy, nothing on disk but the monitor's map, no authentication between the parts, and no waiting for others. */
function configuration(
  folder: string,
  { port, monitor }: { readonly port: number; readonly monitor: string },
): string {
  return `[global]
fsid = ${fsid}
mon host = ${monitor}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
auth allow insecure global id reclaim = false
ms mon client mode = crc
ms mon cluster mode = crc
ms mon service mode = crc
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail crit = 0
mon data avail warn = 0
paxos propose interval = 0.05
paxos min wait = 0.01
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 1073741824
run dir = ${folder}
admin socket = ${folder}/$name.asok
pid file = ${folder}/$name.pid
log file = ${folder}/$name.log
mon data = ${folder}/mon
osd data = ${folder}/osd
rgw data = ${folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw thread pool size = 32
rgw run sync thread = false
`;
}

interface Ceph {
  /** @throws with what the program wrote, if it fails */
  run(program: string, ...args: readonly string[]): Promise<void>;
  start(program: string, ...args: readonly string[]): AsyncDisposable;
  /** What a program that has exited wrote. */
  readonly exits: readonly string[];
}

function inFolder(folder: string): Ceph {
  const exits: string[] = [];
  const launch = (program: string, args: readonly string[]) => {
    const env = { PATH: "/usr/bin:/usr/sbin:/bin", CEPH_CONF: join(folder, "ceph.conf"), HOME: folder };
    const child = spawn(program, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    endWithTests(child);
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part: string) => (text += part));
    const exited = once(child, "exit").then(() => text);
    return { child, exited };
  };
  return {
    exits,
    async run(program, ...args) {
      const { child, exited } = launch(program, args);
      const text = await exited;
      if (child.exitCode !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${text}`);
    },
    start(program, ...args) {
      const { child, exited } = launch(program, args);
      let isEnding = false;
      exited.then(
        (text) => isEnding || exits.push(`${program} exited: ${text}`),
        (error: Error) => exits.push(`${program}: ${error.message}`),
      );
      return {
        async [Symbol.asyncDispose]() {
          isEnding = true;
          await kill(child, exited);
        },
      };
    },
  };
}

async function kill(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await exited;
}

async function until(check: () => Promise<boolean>, ceph: Ceph): Promise<void> {
  const end = Date.now() + eventTimeoutMs;
  while (!(await check().catch(() => false))) {
    const [exit] = ceph.exits;
    if (exit !== undefined) throw new Error(exit);
    if (Date.now() > end) throw new Error("The object storage did not start");
    await delay(50);
  }
}
