import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { ensureIdentityKey } from "../../src/restate/endpoint/request-identity.ts";
import { restateBinary } from "../../src/restate/server/restate-process.ts";
import { endWithTests } from "./end-with-tests.ts";
import { freePorts } from "./free-ports.ts";
import { replayEnvironment } from "./replayed.ts";

/**
 * A Restate cluster as operators run it: processes of Restate's own binary on loopback with `deploy/restate-cluster.toml`,
 * provisioned with `restatectl`. Each node can be killed, stopped and started again on its ports and its data.
 */
export interface RestateCluster extends AsyncDisposable {
  readonly nodes: readonly RestateNode[];
  /** The variables with which Duranium uses this cluster. */
  readonly environment: Readonly<
    Record<"RESTATE_INGRESS_URL" | "RESTATE_ADMIN_URL" | "RESTATE_IDENTITY_KEY", string>
  >;
  /** The number of partitions that each node leads, in the order of `nodes`, according to a node that runs. */
  leaders(): Promise<readonly number[]>;
  /** Resolves once every partition has a leader on a node that runs. */
  untilLed(): Promise<void>;
}

export interface RestateNode {
  /** `n1`, `n2`, … */
  readonly name: string;
  readonly ingressUrl: string;
  readonly adminUrl: string;
  /** Where other nodes and `restatectl` reach it. */
  readonly nodeUrl: string;
  readonly isRunning: boolean;
  /** The id of the most recently started process. */
  readonly pid: number | undefined;
  /** Its output of all runs so far. */
  readonly logFile: string;
  /** Starts the process, and resolves when it serves requests. */
  start(): Promise<void>;
  /** Stops it with SIGTERM, and kills it if it has not ended after 30 s. Resolves when it has exited. */
  stop(): Promise<void>;
  /** Kills it with SIGKILL. Resolves when it has exited. */
  kill(): Promise<void>;
}

export interface RestateClusterOptions {
  readonly nodes?: number;
  readonly partitions?: number;
  /**
   * Returns the URL at which the other nodes reach the node that listens at `nodeUrl`, for a proxy between nodes. The default is
   * `nodeUrl` itself.
   */
  readonly advertise?: (nodeUrl: string) => Promise<string>;
  /** Variables of all nodes, which override `deploy/restate-cluster.toml`. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Disposing the cluster kills the nodes and removes their data. */
export async function startRestateCluster({
  nodes: count = 3,
  partitions = 6,
  advertise = async (nodeUrl) => await Promise.resolve(nodeUrl),
  environment = {},
}: RestateClusterOptions = {}): Promise<RestateCluster> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "duranium-restate-"));
  stack.defer(
    async () => await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }),
  );
  const identityKeyFile = join(folder, "identity.pem");
  ensureIdentityKey(identityKeyFile);
  const configFile = await writeConfig(folder, environment);
  const ports = await freePorts(3 * count);
  const nodeUrls = Array.from({ length: count }, (_, index) => urlOf(ports[3 * index + 2]));
  const advertised = await Promise.all(nodeUrls.map(advertise));
  const shared = {
    ...onBusyMachine,
    ...replayEnvironment,
    RESTATE_METADATA_CLIENT__ADDRESSES: JSON.stringify(advertised),
    RESTATE_WORKER__INVOKER__REQUEST_IDENTITY_PRIVATE_KEY_PEM_FILE: identityKeyFile,
    ...environment,
  };
  const nodes = nodeUrls.map((nodeUrl, index) => {
    const [ingress, admin] = ports.slice(3 * index);
    const at = { ingressUrl: urlOf(ingress), adminUrl: urlOf(admin), nodeUrl };
    const advertisedUrl = advertised[index] ?? nodeUrl;
    return createNode({ number: index + 1, folder, configFile, environment: shared, advertisedUrl, ...at });
  });
  stack.defer(async () => {
    await Promise.all(nodes.map(async (node) => await node.kill()));
  });
  const starts = Promise.all(nodes.map(async (node) => await node.start()));
  await Promise.all([starts, provision(nodes, partitions)]);
  const cluster = clusterOf(nodes, partitions);
  await cluster.untilLed();
  const disposing = stack.move();
  return {
    ...cluster,
    environment: {
      RESTATE_INGRESS_URL: nodes.map(({ ingressUrl }) => ingressUrl).join(","),
      RESTATE_ADMIN_URL: nodes.map(({ adminUrl }) => adminUrl).join(","),
      RESTATE_IDENTITY_KEY: `${identityKeyFile}.pub`,
    },
    [Symbol.asyncDispose]: async () => await disposing.disposeAsync(),
  };
}

function urlOf(port: number | undefined): string {
  return `http://127.0.0.1:${port}`;
}

/** On a starved machine, nodes are late with their gossip, and would take each other for dead. */
const onBusyMachine = {
  RESTATE_GOSSIP_TICK_INTERVAL: "500ms",
  RESTATE_GOSSIP_TIME_SKEW_THRESHOLD: "5s",
  RESTATE_ROCKSDB_TOTAL_MEMORY_SIZE: "256 MiB",
};

/** Without a destination for snapshots, the section on them is left out: a node would not start with it. */
async function writeConfig(folder: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const text = await readFile(new URL("../../deploy/restate-cluster.toml", import.meta.url), "utf8");
  const hasDestination = environment["RESTATE_WORKER__SNAPSHOTS__DESTINATION"] !== undefined;
  const file = join(folder, "restate-cluster.toml");
  await writeFile(file, hasDestination ? text : text.replace(/^\[worker\.snapshots\]\n[^[]*/m, ""));
  return file;
}

interface NodeOptions extends Pick<RestateNode, "ingressUrl" | "adminUrl" | "nodeUrl"> {
  readonly number: number;
  readonly folder: string;
  readonly configFile: string;
  readonly advertisedUrl: string;
  readonly environment: Readonly<Record<string, string>>;
}

function createNode({
  number,
  folder,
  configFile,
  advertisedUrl,
  environment,
  ...urls
}: NodeOptions): RestateNode {
  const name = `n${number}`;
  const dataDir = join(folder, name);
  const logFile = join(folder, `${name}.log`);
  let running: ChildProcess | undefined;
  return {
    name,
    ...urls,
    logFile,
    get pid() {
      return running?.pid;
    },
    get isRunning() {
      return running !== undefined && !hasExited(running);
    },
    async start() {
      await mkdir(join(dataDir, "tmp"), { recursive: true });
      const child = spawn(restateBinary(), ["--config-file", configFile, "--no-logo"], {
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: "/usr/bin:/bin",
          TMPDIR: join(dataDir, "tmp"),
          ...environment,
          RESTATE_NODE_NAME: name,
          RESTATE_FORCE_NODE_ID: String(number),
          RESTATE_BASE_DIR: dataDir,
          RESTATE_ADVERTISED_ADDRESS: advertisedUrl,
          ...listenVariables(urls),
        },
      });
      endWithTests(child);
      const log = createWriteStream(logFile, { flags: "a" });
      for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
      child.once("exit", () => log.end());
      running = child;
      await untilServing(urls, child, logFile);
    },
    stop: async () => await end(running, "SIGTERM"),
    kill: async () => await end(running, "SIGKILL"),
  };
}

function listenVariables({
  ingressUrl,
  adminUrl,
  nodeUrl,
}: Pick<RestateNode, "ingressUrl" | "adminUrl" | "nodeUrl">) {
  return {
    RESTATE_BIND_IP: "127.0.0.1",
    RESTATE_BIND_PORT: new URL(nodeUrl).port,
    RESTATE_INGRESS__BIND_PORT: new URL(ingressUrl).port,
    RESTATE_INGRESS__ADVERTISED_ADDRESS: ingressUrl,
    RESTATE_ADMIN__BIND_PORT: new URL(adminUrl).port,
    RESTATE_ADMIN__ADVERTISED_ADDRESS: adminUrl,
  };
}

async function untilServing(
  { ingressUrl, adminUrl }: Pick<RestateNode, "ingressUrl" | "adminUrl">,
  child: ChildProcess,
  logFile: string,
): Promise<void> {
  while (!((await isOk(`${ingressUrl}/restate/health`)) && (await isOk(`${adminUrl}/health`)))) {
    if (hasExited(child)) throw new Error(`A Restate node ended:\n${await readFile(logFile, "utf8")}`);
    await delay(50);
  }
}

async function isOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

const stopTimeoutMs = 30_000;

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || hasExited(child)) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  const overdue = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
  await exited;
  clearTimeout(overdue);
}

function hasExited({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** `restatectl` exits with 0 even if no node listens yet. */
async function provision([first]: readonly RestateNode[], partitions: number): Promise<void> {
  if (first === undefined) return;
  const options = ["--replication", "2", "--num-partitions", String(partitions), "--yes"];
  while (!(await restatectl(first, ["provision", ...options])).includes("successfully provisioned")) {
    await delay(100);
  }
}

function clusterOf(
  nodes: readonly RestateNode[],
  partitions: number,
): Pick<RestateCluster, "nodes" | "leaders" | "untilLed"> {
  async function leaders(): Promise<readonly number[]> {
    const asked = nodes.find(({ isRunning }) => isRunning);
    if (asked === undefined) return nodes.map(() => 0);
    const listed = await restatectl(asked, ["partitions", "list"]);
    return nodes.map(
      (_, index) =>
        listed
          .split("\n")
          .filter((line) => new RegExp(`\\bN${index + 1}:.*\\bLeader\\s+Active\\b`).test(line)).length,
    );
  }
  return {
    nodes,
    leaders,
    async untilLed() {
      for (;;) {
        const counts = await leaders().catch(() => []);
        const led = counts.filter((_, index) => nodes[index]?.isRunning === true);
        if (led.reduce((sum, count) => sum + count, 0) === partitions) return;
        await delay(200);
      }
    },
  };
}

/** Runs `restatectl`, and returns its output. */
async function restatectl(
  { nodeUrl }: Pick<RestateNode, "nodeUrl">,
  args: readonly string[],
): Promise<string> {
  const { stdout } = await promisify(execFile)(restatectlBinary(), ["--address", nodeUrl, ...args]);
  return stdout;
}

function restatectlBinary(): string {
  const require = createRequire(import.meta.resolve("@restatedev/restatectl/package.json"));
  return require.resolve(`@restatedev/restatectl-${process.platform}-${process.arch}/bin/restatectl`);
}
