import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../support/free-ports.ts";
import { isObjectStorageInstalled, startObjectStorage } from "../support/object-storage.ts";
import { isPostgresInstalled, startPostgres } from "../support/postgres.ts";
import type { PostgresServer } from "../support/postgres.ts";
import { mountSmallDisk } from "./small-disk.ts";
import type { SmallDisk } from "./small-disk.ts";
import { startTcpProxy } from "./tcp-proxy.ts";
import type { TcpProxy } from "./tcp-proxy.ts";

/** The stores that all processes share. */
export interface Stores extends AsyncDisposable {
  /** Undefined where it is left out: then all processes use one SQLite database. */
  readonly postgres: DatabasePair | undefined;
  /** Puts proxies between the stores and one process. The stack disposes of them. */
  linkTo(stack: AsyncDisposableStack): Promise<StoreLinks>;
}

export interface StoreLinks {
  readonly environment: Readonly<Record<string, string>>;
  readonly toDatabase: readonly TcpProxy[];
  readonly toArtifacts: readonly TcpProxy[];
}

/** A PostgreSQL server that takes changes, and one that follows it. */
export interface DatabasePair extends AsyncDisposable {
  /** Undefined where this process may not mount one. */
  readonly disk: SmallDisk | undefined;
  readonly primary: PostgresServer;
  /**
   * Kills the primary when its standby has all that was committed. A standby that is behind must not be promoted: a statement
   * that is repeated after a crash of the primary, and finds its rows there, does not wait for the standby.
   */
  crashFollowed(): Promise<void>;
  /** After the primary has ended, makes the standby the primary, and the primary a copy of it. */
  failOver(): Promise<void>;
  /** Starts both again. */
  restart(): Promise<void>;
}

/** What can be left out, on machines where its server is not installed. */
export const optionalParts = ["postgres", "s3"] as const;

export type OptionalPart = (typeof optionalParts)[number];

/** The parts whose servers are not installed. */
export function missingParts(): readonly OptionalPart[] {
  const isInstalled = { postgres: isPostgresInstalled, s3: isObjectStorageInstalled };
  return optionalParts.filter((part) => !isInstalled[part]);
}

export async function startStores(without: readonly OptionalPart[]): Promise<Stores> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), "duranium-drill-")));
  const postgres = without.includes("postgres") ? undefined : stack.use(await startPair());
  const database = postgres === undefined ? undefined : await databaseIn(postgres);
  const bucket = without.includes("s3") ? undefined : await startBucket(stack);
  const files = {
    DURANIUM_DATABASE_URL: `file:${join(folder.path, "duranium.sqlite")}`,
    ...(bucket === undefined ? { DURANIUM_ARTIFACTS_DIR: join(folder.path, "artifacts") } : {}),
  };
  const owned = stack.move();
  return {
    postgres,
    async linkTo(links) {
      const toDatabase = await database?.linkTo(links);
      const toArtifacts = await bucket?.linkTo(links);
      return {
        environment: { ...files, ...toDatabase?.environment, ...toArtifacts?.environment },
        toDatabase: toDatabase?.proxies ?? [],
        toArtifacts: toArtifacts?.proxies ?? [],
      };
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** A store that processes reach through proxies of their own. */
interface Linkable {
  linkTo(links: AsyncDisposableStack): Promise<{
    readonly environment: Readonly<Record<string, string>>;
    readonly proxies: readonly TcpProxy[];
  }>;
}

async function databaseIn(pair: Pair): Promise<Linkable> {
  const { pathname, username, password } = new URL(await pair.primary.createDatabase());
  return {
    async linkTo(links) {
      const proxies = await Promise.all(
        pair.ports.map(async (port) => links.use(await startTcpProxy([port]))),
      );
      const hosts = proxies.map(({ port }) => `127.0.0.1:${port}`).join(",");
      const url = `postgres://${username}:${password}@${hosts}${pathname}?sslmode=disable`;
      return { environment: { DURANIUM_DATABASE_URL: url }, proxies };
    },
  };
}

async function startBucket(stack: AsyncDisposableStack): Promise<Linkable> {
  const { accessKeyId, secretAccessKey, endpoint, ...storage } = stack.use(await startObjectStorage());
  const bucket = await storage.createBucket();
  return {
    async linkTo(links) {
      const proxy = links.use(await startTcpProxy([Number(new URL(endpoint).port)]));
      const environment = {
        DURANIUM_ARTIFACTS_URL: `s3://${bucket}/drill?region=us-east-1&endpoint=${proxy.url}`,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      };
      return { environment, proxies: [proxy] };
    },
  };
}

interface Pair extends DatabasePair {
  readonly ports: readonly number[];
}

/** Enough for two servers, each of which keeps some 100 MiB of its log. */
const diskMib = 768;

async function startPair(): Promise<Pair> {
  await using stack = new AsyncDisposableStack();
  const disk = await mountSmallDisk(diskMib);
  if (disk !== undefined) stack.use(disk);
  const [standbyPort = 0] = await freePorts(1);
  let primary = await startPostgres(disk?.path);
  let standby = await primary.startStandby(standbyPort);
  stack.defer(async () => {
    for (const server of [standby, primary]) await server[Symbol.asyncDispose]();
  });
  const owned = stack.move();
  return {
    disk,
    ports: [primary.port, standbyPort],
    get primary() {
      return primary;
    },
    async crashFollowed() {
      await primary.untilFollowed();
      await primary.kill();
    },
    async failOver() {
      const old = primary;
      await standby.promote();
      primary = standby;
      await old[Symbol.asyncDispose]();
      standby = await primary.startStandby(old.port);
    },
    async restart() {
      for (const server of [primary, standby]) {
        await server.kill();
        await server.start();
      }
    },
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}
