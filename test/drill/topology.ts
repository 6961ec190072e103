import { freePorts } from "../support/free-ports.ts";
import { requestApi } from "../support/instance.ts";
import type { ReachableInstance } from "../support/instance.ts";
import { startRestateCluster } from "../support/restate-cluster.ts";
import type { RestateCluster } from "../support/restate-cluster.ts";
import { createMember } from "./member.ts";
import type { Member } from "./member.ts";
import { mountSmallDisk } from "./small-disk.ts";
import type { SmallDisk } from "./small-disk.ts";
import { startStores } from "./stores.ts";
import type { OptionalPart, Stores } from "./stores.ts";
import { startTcpProxy } from "./tcp-proxy.ts";
import type { TcpProxy } from "./tcp-proxy.ts";

/**
 * An installation on several machines, each of which is a process here: three Restate nodes, two APIs behind a load
 * balancer, two executors behind another one, and the stores that all of them share. Between each process of Duranium and
 * the parts that it uses is a proxy.
 */
export interface Topology extends AsyncDisposable {
  /** Reaches the APIs over the load balancer. */
  readonly client: ReachableInstance;
  readonly cluster: RestateCluster;
  readonly stores: Stores;
  readonly apis: readonly Machine[];
  readonly executors: readonly Machine[];
  /** Between Restate and the executors. */
  readonly executorBalancer: TcpProxy;
}

/** A process of Duranium, and the proxies between it and the parts that it uses. */
export interface Machine {
  readonly member: Member;
  /** To the ingress and the admin API of each node. */
  readonly toRestate: readonly TcpProxy[];
  readonly toDatabase: readonly TcpProxy[];
  readonly toArtifacts: readonly TcpProxy[];
  /** The port on which the load balancer reaches it. */
  readonly port: number;
  /** With its data directory; `undefined` where this process may not mount one. */
  readonly disk: SmallDisk | undefined;
}

export interface TopologyOptions {
  readonly apis: number;
  readonly executors: number;
  readonly partitions: number;
  readonly without: readonly OptionalPart[];
}

export async function startTopology(options: TopologyOptions): Promise<Topology> {
  await using stack = new AsyncDisposableStack();
  const [cluster, stores] = await Promise.all([
    startRestateCluster({ partitions: options.partitions }),
    startStores(options.without),
  ]);
  stack.use(cluster);
  stack.use(stores);
  const [apiPorts, executorPorts] = [await freePorts(options.apis), await freePorts(options.executors)];
  const apiBalancer = stack.use(await startTcpProxy(apiPorts));
  const executorBalancer = stack.use(await startTcpProxy(executorPorts));
  const start = async (name: string, port: number, own: Readonly<Record<string, string>>) =>
    await startMachine({ cluster, stores, stack }, { name, port, environment: { ...shared, ...own } });
  const shared = {
    DURANIUM_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
    DURANIUM_PUBLIC_URL: apiBalancer.url,
    DURANIUM_EXECUTOR_URL: executorBalancer.url,
  };
  const executors = await inTurn(executorPorts, async (port, index) => {
    const own = { DURANIUM_ROLE: "executor", DURANIUM_EXECUTOR_PORT: String(port) };
    return await start(`x${index + 1}`, port, own);
  });
  const apis = await inTurn(
    apiPorts,
    async (port, index) => await start(`a${index + 1}`, port, { DURANIUM_ROLE: "api", PORT: String(port) }),
  );
  const admin = stack.use(await startTcpProxy(cluster.nodes.map(({ adminUrl }) => portOf(adminUrl))));
  const owned = stack.move();
  return {
    client: clientOf(apiBalancer.url, admin.url),
    cluster,
    stores,
    apis,
    executors,
    executorBalancer,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** A response that takes longer is lost, as with other clients. */
const requestTimeoutMs = 120_000;

function clientOf(url: string, restateAdminUrl: string): ReachableInstance {
  return {
    restateAdminUrl,
    request: async (method, path, options) =>
      await requestApi(url, method, path, { signal: AbortSignal.timeout(requestTimeoutMs), ...options }),
  };
}

/** Sequentially: together they would take each other's processor, and all of them migrate the same database. */
async function inTurn<T>(
  ports: readonly number[],
  start: (port: number, index: number) => Promise<T>,
): Promise<readonly T[]> {
  const started: T[] = [];
  for (const [index, port] of ports.entries()) started.push(await start(port, index));
  return started;
}

interface Surroundings {
  readonly cluster: RestateCluster;
  readonly stores: Stores;
  readonly stack: AsyncDisposableStack;
}

/** Of a data directory with an engine, and the cache of artifacts. */
const diskMib = 256;

async function startMachine(
  { cluster, stores, stack }: Surroundings,
  {
    name,
    port,
    environment,
  }: {
    readonly name: string;
    readonly port: number;
    readonly environment: Readonly<Record<string, string>>;
  },
): Promise<Machine> {
  const restate = await linkToRestate(cluster, stack);
  const { environment: storeVariables, ...links } = await stores.linkTo(stack);
  const disk = await mountSmallDisk(diskMib);
  if (disk !== undefined) stack.use(disk);
  const dataDir: Record<string, string> = disk === undefined ? {} : { DURANIUM_DATA_DIR: disk.path };
  const variables = { ...restate.environment, ...storeVariables, ...environment, ...dataDir };
  const member = stack.use(await createMember(name, variables));
  await member.start();
  return { member, port, disk, toRestate: restate.proxies, ...links };
}

async function linkToRestate(
  { nodes, environment }: RestateCluster,
  stack: AsyncDisposableStack,
): Promise<{ readonly environment: Record<string, string>; readonly proxies: readonly TcpProxy[] }> {
  const link = async (url: string) => stack.use(await startTcpProxy([portOf(url)]));
  const ingress = await Promise.all(nodes.map(async ({ ingressUrl }) => await link(ingressUrl)));
  const admin = await Promise.all(nodes.map(async ({ adminUrl }) => await link(adminUrl)));
  return {
    environment: {
      ...environment,
      RESTATE_INGRESS_URL: ingress.map(({ url }) => url).join(","),
      RESTATE_ADMIN_URL: admin.map(({ url }) => url).join(","),
    },
    proxies: [...ingress, ...admin],
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
