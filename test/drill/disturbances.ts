import * as fc from "fast-check";
import type { SmallDisk } from "./small-disk.ts";
import type { DatabasePair } from "./stores.ts";
import type { Fault, TcpProxy } from "./tcp-proxy.ts";
import type { Machine, Topology } from "./topology.ts";

/** Something that can be done to one part of an installation. */
export interface Disturbance {
  /** `kill -9 of a Restate node` */
  readonly kind: string;
  /** `n2` */
  readonly part: string;
  begin(): Promise<void>;
  /** Resolves when the part works again. */
  end(): Promise<void>;
}

/** When and how long something is disturbed, in milliseconds. */
export interface PlannedDisturbance {
  readonly disturbance: Disturbance;
  readonly pauseMs: number;
  readonly holdMs: number;
}

/** Without end: each kind once in a random order, and then each again. The same ones for the same seed. */
export function* planOf(disturbances: readonly Disturbance[], seed: number): Generator<PlannedDisturbance> {
  const byKind = [...Map.groupBy(disturbances, ({ kind }) => kind).values()];
  const all = { minLength: byKind.length, maxLength: byKind.length };
  const round = fc.record({
    kinds: fc.shuffledSubarray(byKind, all),
    which: fc.array(fc.nat(), all),
    pausesMs: fc.array(fc.noBias(fc.integer({ min: 500, max: 5_000 })), all),
    holdsMs: fc.array(fc.noBias(fc.integer({ min: 200, max: 6_000 })), all),
  });
  for (let number = 0; byKind.length > 0; number += 1) {
    const [drawn] = fc.sample(round, { seed: seed + number, numRuns: 1 });
    for (const [index, same] of drawn?.kinds.entries() ?? []) {
      const disturbance = same[(drawn?.which[index] ?? 0) % same.length];
      const [pauseMs = 0, holdMs = 0] = [drawn?.pausesMs[index], drawn?.holdsMs[index]];
      if (disturbance !== undefined) yield { disturbance, pauseMs, holdMs };
    }
  }
}

export function disturbancesOf(topology: Topology): readonly Disturbance[] {
  const { cluster, stores, apis, executors } = topology;
  const machines = [...apis, ...executors];
  return [
    ...cluster.nodes.map((node) => kill("kill -9 of a Restate node", node.name, node)),
    ...executors.map(({ member }) => kill("kill -9 of an executor", member.name, member)),
    ...apis.map(({ member }) => kill("kill -9 of an API", member.name, member)),
    ...apis.flatMap((api) => cuts("from an API to Restate", api, api.toRestate)),
    ...executors.flatMap((executor) => cuts("from an executor to Restate", executor, executor.toRestate)),
    ...executors.flatMap((executor) => cutsFromRestate(topology, executor)),
    ...executors.flatMap(({ member, disk }) => full("full disk of an executor", member.name, disk)),
    ...(stores.postgres === undefined ? [] : disturbancesOfDatabase(stores.postgres, machines)),
    ...disturbancesOfArtifacts(machines),
  ];
}

function kill(
  kind: string,
  part: string,
  killable: { kill(): Promise<void>; start(): Promise<void> },
): Disturbance {
  return { kind, part, begin: async () => await killable.kill(), end: async () => await killable.start() };
}

const breaks: readonly { readonly how: string; readonly fault: Fault }[] = [
  { how: "reset", fault: { kind: "cut" } },
  { how: "silent", fault: { kind: "silent" } },
];

function cuts(where: string, { member }: Machine, proxies: readonly TcpProxy[]): readonly Disturbance[] {
  if (proxies.length === 0) return [];
  return breaks.map(({ how, fault }) => ({
    kind: `network ${where} ${how}`,
    part: member.name,
    begin: async () => disturb(proxies, fault),
    end: async () => disturb(proxies, undefined),
  }));
}

function cutsFromRestate({ executorBalancer }: Topology, { member, port }: Machine): readonly Disturbance[] {
  return breaks.map(({ how, fault }) => ({
    kind: `network from Restate to an executor ${how}`,
    part: member.name,
    begin: async () => executorBalancer.disturbBackend(port, fault),
    end: async () => executorBalancer.disturbBackend(port, undefined),
  }));
}

function disturb(proxies: readonly TcpProxy[], fault: Fault | undefined): void {
  for (const proxy of proxies) proxy.disturb(fault);
}

function full(
  kind: string,
  part: string,
  disk: SmallDisk | undefined,
  mend: () => Promise<void> = async () => {},
): readonly Disturbance[] {
  if (disk === undefined) return [];
  const end = async () => {
    await disk.free();
    await mend();
  };
  return [{ kind, part, begin: async () => await disk.fill(), end }];
}

function disturbancesOfDatabase(
  postgres: DatabasePair,
  machines: readonly Machine[],
): readonly Disturbance[] {
  const start = async () => await postgres.primary.start();
  const [part, kills] = ["the primary", async () => await postgres.primary.kill()];
  return [
    { kind: "restart of PostgreSQL", part, begin: async () => await postgres.primary.stop(), end: start },
    { kind: "crash of PostgreSQL", part, begin: kills, end: start },
    {
      kind: "failover of PostgreSQL",
      part,
      begin: async () => await postgres.crashFollowed(),
      end: async () => await postgres.failOver(),
    },
    ...full("full disk of PostgreSQL", part, postgres.disk, async () => await postgres.restart()),
    ...machines.flatMap((machine) => cuts("to PostgreSQL", machine, machine.toDatabase)),
  ];
}

const faultsOfArtifacts: readonly { readonly what: string; readonly fault: Fault }[] = [
  { what: "slow", fault: { kind: "slow", delayMs: 400 } },
  { what: "answers with 503", fault: { kind: "erring" } },
  { what: "refuses connections", fault: { kind: "cut" } },
  { what: "silent", fault: { kind: "silent" } },
];

function disturbancesOfArtifacts(machines: readonly Machine[]): readonly Disturbance[] {
  const proxies = machines.flatMap(({ toArtifacts }) => toArtifacts);
  if (proxies.length === 0) return [];
  return faultsOfArtifacts.map(({ what, fault }) => ({
    kind: `object storage ${what}`,
    part: "all processes",
    begin: async () => disturb(proxies, fault),
    end: async () => disturb(proxies, undefined),
  }));
}
