import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { describe } from "vitest";
import { endWithTests, stopAfterTests } from "./end-with-tests.ts";
import { freePorts } from "./free-ports.ts";

/** A real PostgreSQL server with a temporary data directory, on a port of the loopback interface. */
export interface PostgresServer extends AsyncDisposable {
  readonly port: number;
  /** Creates an empty database, and returns its URL. */
  createDatabase(): Promise<string>;
  /** Starts the server again, on the same data and the same port. */
  start(): Promise<void>;
  /** Ends the server in order, and the sessions of its clients with it. */
  stop(): Promise<void>;
  /** Ends the server at once, as a crash would. Committed transactions stay. */
  kill(): Promise<void>;
  /** Starts a copy of this server on another port, which follows it. From now on, commits wait until the copy has them. */
  startStandby(port: number): Promise<PostgresServer>;
  /** Resolves when its copy has all that was committed, and further commits wait for it. */
  untilFollowed(): Promise<void>;
  /** Makes a copy whose original has ended the server that takes changes. */
  promote(): Promise<void>;
}

/**
 * Defines tests that need PostgreSQL. Without its programs they are skipped with a message, except in CI, where missing
 * programs must not go unnoticed.
 */
export function describeWithPostgres(name: string, tests: () => void): void {
  if (programs === undefined && process.env["CI"] !== "true") {
    process.stderr.write(`Skipped, as there is no PostgreSQL here (apt-get install postgresql): ${name}\n`);
    describe.skip(name, tests);
    return;
  }
  describe(name, tests);
}

/** Creates an empty database on the server that all tests of this process share, and returns its URL. */
export async function createPostgresDatabase(): Promise<string> {
  shared ??= startServer(tmpdir(), stopAfterTests);
  return await (await shared).createDatabase();
}

let shared: Promise<PostgresServer> | undefined;

/** Starts a server for a test that interrupts it. Its folder is created in `parent`. */
export async function startPostgres(parent = tmpdir()): Promise<PostgresServer> {
  return await startServer(parent, () => {});
}

/** The folder with the programs. Debian has one for each release, outside of the PATH. */
const programs = findPrograms();

export const isPostgresInstalled = programs !== undefined;

function findPrograms(): string | undefined {
  const ofDebian = globSync("/usr/lib/postgresql/*/bin").toSorted((one, other) =>
    other.localeCompare(one, "en", { numeric: true }),
  );
  const inPath = (process.env["PATH"] ?? "").split(delimiter);
  return [...ofDebian, ...inPath].find((folder) => existsSync(join(folder, "initdb")));
}

async function startServer(
  parent: string,
  onLaunch: (child: ChildProcess, folder: string) => void,
): Promise<PostgresServer> {
  const folder = await mkdtemp(join(parent, "duranium-postgres-"));
  try {
    await initialize(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const [port = 0] = await freePorts(1);
  return await startOn({ folder, port, onLaunch });
}

interface ServerOptions {
  /** Has the data directory. */
  readonly folder: string;
  readonly port: number;
  readonly onLaunch: (child: ChildProcess, folder: string) => void;
}

async function startOn({ folder, port, onLaunch }: ServerOptions): Promise<PostgresServer> {
  let running: ChildProcess | undefined;
  let databases = 0;
  const start = async () => {
    running = await launch(folder, port);
    onLaunch(running, folder);
  };
  const end = async (signal: NodeJS.Signals) => {
    if (running !== undefined) await stop(running, signal);
    running = undefined;
  };
  await start();
  const administer = async (statement: string) => await execute(urlOf(port, "postgres"), statement);
  const untilFollowed = async () => {
    const position = await administer("SELECT pg_current_wal_lsn()");
    const followers = `SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync' AND flush_lsn >= '${position}'`;
    while ((await administer(followers)) === "") await delay(50);
  };
  return {
    port,
    async createDatabase() {
      databases += 1;
      const name = `test_${port}_${databases}`;
      await administer(`CREATE DATABASE ${name}`);
      return urlOf(port, name);
    },
    start,
    stop: async () => await end("SIGINT"),
    kill: async () => await end("SIGQUIT"),
    async startStandby(standbyPort) {
      const copy = await mkdtemp(join(dirname(folder), "duranium-postgres-"));
      await copyServer(port, copy);
      const standby = await startOn({ folder: copy, port: standbyPort, onLaunch });
      await administer("ALTER SYSTEM SET synchronous_standby_names = '*'");
      await administer("SELECT pg_reload_conf()");
      await untilFollowed();
      return standby;
    },
    untilFollowed,
    async promote() {
      await administer("SELECT pg_promote()");
      await administer("ALTER SYSTEM RESET synchronous_standby_names");
      await administer("SELECT pg_reload_conf()");
    },
    async [Symbol.asyncDispose]() {
      await end("SIGINT");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const user = "duranium";
const password = "postgres-password-of-tests";

function urlOf(port: number, database: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
}

/** Copies the data directory of a server that runs, with what the copy needs to follow it. */
async function copyServer(port: number, folder: string): Promise<void> {
  const owner = ownerOfServer();
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
  const target = ["--pgdata", join(folder, "data"), "--write-recovery-conf"];
  const source = ["--dbname", urlOf(port, "postgres"), "--checkpoint=fast", "--no-sync"];
  await promisify(execFile)(program("pg_basebackup"), [...target, ...source], { cwd: folder, ...owner });
}

/** Makes the data directory, with the locale that Duranium asks for: text is compared by its bytes. */
async function initialize(folder: string): Promise<void> {
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, password);
  const owner = ownerOfServer();
  if (owner !== undefined) for (const path of [folder, passwordFile]) await chown(path, owner.uid, owner.gid);
  const data = ["--pgdata", join(folder, "data"), "--locale", "C", "--encoding", "UTF8", "--no-sync"];
  const access = ["--username", user, "--pwfile", passwordFile, "--auth", "scram-sha-256"];
  await promisify(execFile)(program("initdb"), [...data, ...access], { cwd: folder, ...owner });
}

/**
 * Commits are not synced to the disk, because only a crash of the machine would lose them. They are written to the
 * operating system before they are acknowledged, so they outlive the process.
 */
const settings = ["fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=16MB"];

async function launch(folder: string, port: number): Promise<ChildProcess> {
  const local = ["listen_addresses=127.0.0.1", `port=${port}`, "unix_socket_directories="];
  const child = spawn(
    program("postgres"),
    ["-D", join(folder, "data"), ...[...local, ...settings].flatMap((setting) => ["-c", setting])],
    { cwd: folder, env: {}, stdio: ["ignore", "ignore", "pipe"], ...ownerOfServer() },
  );
  endWithTests(child);
  let printed = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      // Clients whose connections the tests cut are reported for as long as the server runs.
      if (printed.length < 100_000) printed += chunk.toString("utf8");
      if (/ready to accept (read-only )?connections/.test(printed)) resolve();
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`PostgreSQL ended with ${code}:\n${printed}`)));
  });
  return child;
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await exited;
}

/** @returns the values of the result as text */
async function execute(url: string, statement: string): Promise<string> {
  const options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"];
  const { stdout } = await promisify(execFile)(program("psql"), [...options, "--command", statement, url]);
  return stdout.trim();
}

function program(name: string): string {
  if (programs === undefined) throw new Error("There is no PostgreSQL here: apt-get install postgresql");
  return join(programs, name);
}

/** PostgreSQL refuses to run as root, so root starts it as a user without rights. */
function ownerOfServer(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const unprivileged = ["postgres", "daemon"].flatMap((name) => users.filter(([each]) => each === name))[0];
  if (unprivileged === undefined)
    throw new Error("There is no user to run PostgreSQL as: postgres or daemon");
  return { uid: Number(unprivileged[2]), gid: Number(unprivileged[3]) };
}
