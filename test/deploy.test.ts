import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { variables } from "../src/config/variables.ts";

const fileAt = async (path: string) => await readFile(new URL(`../deploy/${path}`, import.meta.url), "utf8");

describe("the units of systemd", () => {
  const names = ["duranium", "duranium-api", "duranium-executor"];

  test("confine their processes in the same way, to the state directory and without privileges", async () => {
    const [first = [], ...others] = await Promise.all(names.map(hardeningOf));
    expect(first).toEqual(
      expect.arrayContaining(["User=duranium", "NoNewPrivileges=true", "ProtectSystem=strict", "UMask=0077"]),
    );
    for (const other of others) expect(other).toEqual(first);
  });

  test("run a role each, and give fetches in flight the time to end", async () => {
    const roles = await Promise.all(
      names.map(async (name) => /(?<=DURANIUM_ROLE=)\w+/.exec(await unit(name))?.[0]),
    );
    expect(roles).toEqual([undefined, "api", "executor"]);
    for (const name of names) expect(await unit(name)).toMatch(/^TimeoutStopSec=60$/m);
    expect(await unit("duranium-executor")).toMatch(/^ExecStart=.+ src\/confined\.ts$/m);
  });
});

describe("deploy/compose.cluster.yml", () => {
  let services: Readonly<Record<string, Service>>;
  let volumes: readonly string[];
  beforeAll(async () => {
    const file = parse(await fileAt("compose.cluster.yml"), { merge: true }) as ComposeFile;
    services = file.services;
    volumes = Object.keys(file.volumes);
  });
  const named = (pattern: RegExp) => Object.entries(services).filter(([name]) => pattern.test(name));

  test("has three Restate nodes, two APIs, two executors and what they need", () => {
    expect(Object.keys(services).toSorted()).toEqual([
      "api-1",
      "api-2",
      "balancer",
      "buckets",
      "executor-1",
      "executor-2",
      "identity",
      "postgres",
      "restate-1",
      "restate-2",
      "restate-3",
      "s3",
    ]);
  });

  test("every container has a read-only root, no capabilities, and cannot gain any", () => {
    for (const [name, service] of Object.entries(services)) {
      const { read_only, cap_drop, cap_add, security_opt, privileged } = service;
      expect({ read_only, cap_drop, cap_add, security_opt, privileged }, name).toEqual({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
      });
    }
  });

  test("only the load balancer publishes a port, on loopback unless the operator configures it", () => {
    const published = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name, { ports }]) => [name, ports])).toEqual([
      ["balancer", ["${DURANIUM_PUBLISH:-127.0.0.1}:3000:3000"]],
    ]);
  });

  test("every process has a data directory of its own, and nothing else to write to", () => {
    const written = named(/^(?:api|executor)-/).map(([name, service]) => [name, writtenVolumes(service)]);
    expect(written).toEqual(written.map(([name]) => [name, [`${String(name)}:/data`]]));
    for (const [name, service] of named(/^restate-/))
      expect(writtenVolumes(service)).toEqual([`${name}:/restate-data`]);
    for (const [, service] of named(/^executor-/))
      expect(service.command).toEqual(["node", "src/confined.ts"]);
    const sources = Object.values(services).flatMap(({ volumes: mounted = [] }) =>
      mounted.map((mount) => mount.split(":")[0] ?? ""),
    );
    expect(new Set(sources.filter((source) => !source.startsWith("./")))).toEqual(new Set(volumes));
  });

  test("the processes of Duranium have the same configuration, of variables that exist", () => {
    const processes = named(/^(?:api|executor)-/);
    const own = new Set([
      "DURANIUM_ROLE",
      "DURANIUM_ROOT_KEY",
      "DURANIUM_TRUSTED_PROXIES",
      "DURANIUM_EXECUTOR_HOST",
      "RESTATE_IDENTITY_KEY",
      "DURANIUM_WORKERS",
      "DURANIUM_TURN_TIMEOUT_MS",
    ]);
    const shared = processes.map(([, { environment = {} }]) =>
      Object.fromEntries(Object.entries(environment).filter(([name]) => !own.has(name))),
    );
    expect(shared[0]).toHaveProperty("DURANIUM_DATABASE_URL");
    for (const other of shared) expect(other).toEqual(shared[0]);
    const names = processes.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(names.filter((name) => !Object.hasOwn(variables, name))).toEqual([]);
  });

  test("one node creates the Restate cluster, and each has a name and an ID of its own", () => {
    const nodes = named(/^restate-/).map(([, { environment = {} }]) => environment);
    expect(nodes.map((node) => node["RESTATE_AUTO_PROVISION"])).toEqual(["true", undefined, undefined]);
    expect(nodes.map((node) => node["RESTATE_NODE_NAME"])).toEqual(["restate-1", "restate-2", "restate-3"]);
    expect(nodes.map((node) => node["RESTATE_FORCE_NODE_ID"])).toEqual(["1", "2", "3"]);
  });

  test("the load balancer knows all APIs and executors, and gives connections to the least busy", async () => {
    const configuration = await fileAt("haproxy.cfg");
    const servers = Array.from(configuration.matchAll(/^ {2}server (\S+) (\S+)$/gm), ([, , to]) => to);
    expect(servers).toEqual(["api-1:3000", "api-2:3000", "executor-1:9080", "executor-2:9080"]);
    expect(configuration.match(/^ {2}balance leastconn$/gm)).toHaveLength(2);
    expect(services["api-1"]?.environment?.["DURANIUM_TRUSTED_PROXIES"]).toBe(
      services["balancer"]?.networks?.["default"]?.ipv4_address,
    );
  });
});

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

interface Service {
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: Readonly<Record<string, { readonly ipv4_address?: string }>>;
}

function writtenVolumes({ volumes = [] }: Service): readonly string[] {
  return volumes.filter((mount) => !mount.endsWith(":ro"));
}

async function unit(name: string): Promise<string> {
  return await fileAt(`systemd/${name}.service`);
}

/** The directives that restrict a unit. */
async function hardeningOf(name: string): Promise<readonly string[]> {
  return (
    (await unit(name)).match(/^(?:User|UMask|\w*Directory\w*|NoNew|Protect|Private|Restrict)\w*=.*$/gm) ?? []
  );
}
