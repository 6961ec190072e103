import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdir, realpath, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { fetch } from "undici";
import type { Agent } from "undici";
import { connectTo } from "../client/restate-address.ts";
import type { RestateAddress } from "../client/restate-address.ts";
import { openPidFile, signalGroup } from "./pid-file.ts";
import type { PidFile } from "./pid-file.ts";

/**
 * One process of the embedded Restate server: the real binary, a child of this process.
 *
 * It must not outlive us, even when we are killed with -9: a shell in between holds the read end of a pipe whose write
 * end is ours, and ends the server when the pipe closes. It has a process group of its own, so that Ctrl-C in a terminal
 * reaches us alone and we stop things in order.
 */
export interface RestateProcess extends AsyncDisposable {
  /** Resolves with its last lines when it has ended, asked to or not. */
  readonly ended: Promise<string>;
  /** Resolves when it has ended. */
  stop(): Promise<void>;
}

export interface RestateServerOptions {
  /** Made where it is missing. The caller holds the lock on the data directory that it is in. */
  readonly dataDir: string;
  readonly ingress: RestateAddress;
  readonly admin: RestateAddress;
  /** TCP ports on loopback; `undefined` where it listens on Unix sockets in its data directory. */
  readonly ports: RestatePorts | undefined;
  /** PEM. The server signs what it sends to executors with it: `request-identity.ts`. */
  readonly identityKeyFile: string;
  /** Restate's own variables, which win over `restate.toml`. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface RestatePorts {
  readonly ingress: number;
  readonly admin: number;
  /** For other Restate nodes, and Restate's metrics. */
  readonly node: number;
}

/** How long the server may take to answer on both of its ports. A large log takes long to open. */
const startTimeoutMs = 90_000;
/** How long it may take to flush and end. Being killed after that loses nothing. */
const stopTimeoutMs = 5_000;
/** How long a server that was killed keeps its ports: the system must take down its memory first. */
const releaseTimeoutMs = 10_000;

/** A port of the embedded server is taken. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
  readonly variable: string;

  constructor(variable: string, port: number) {
    super(`port ${port} is taken: set ${variable} to a free one`);
    this.variable = variable;
  }
}

/**
 * Starts the server, and resolves when it serves every partition.
 *
 * @throws {PortTakenError} and plain errors that say why the server did not come up
 */
export async function startRestateProcess(options: RestateServerOptions): Promise<RestateProcess> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = await realpath(options.dataDir);
  const predecessor = openPidFile(dataDir, dataDir);
  const hadStaleServer = await predecessor.end();
  await assertPortsFree(options, hadStaleServer ? releaseTimeoutMs : 0);
  await clearTemporary(options);
  const child = launch(options, dataDir);
  if (child.pid !== undefined) predecessor.write(child.pid);
  const server = controlOf(child, predecessor);
  try {
    await untilHealthy(options, server.ended);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The server's own temporary folder: one that was killed leaves files there that nothing else removes. */
function temporaryDir({ dataDir }: RestateServerOptions): string {
  return join(dataDir, "tmp");
}

async function clearTemporary(options: RestateServerOptions): Promise<void> {
  await rm(temporaryDir(options), { recursive: true, force: true });
  await mkdir(temporaryDir(options));
}

async function assertPortsFree({ ports }: RestateServerOptions, timeoutMs: number): Promise<void> {
  if (ports === undefined) return;
  const deadline = Date.now() + timeoutMs;
  const variables = {
    RESTATE_INGRESS_PORT: ports.ingress,
    RESTATE_ADMIN_PORT: ports.admin,
    RESTATE_NODE_PORT: ports.node,
  };
  for (const [variable, port] of Object.entries(variables)) {
    while (!(await isFree(port))) {
      if (Date.now() >= deadline) throw new PortTakenError(variable, port);
      await delay(100);
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return await new Promise<boolean>((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

/** `$1` is the data directory, `$2` the binary. File descriptor 3 is our pipe: reading it ends when we do. */
const watchdog = `
  shift
  "$@" 3<&- & server=$!
  trap 'kill -TERM $server 2>/dev/null' TERM
  { cat <&3 >/dev/null; kill -TERM $server 2>/dev/null; } &
  watch=$!
  wait $server; status=$?
  while kill -0 $server 2>/dev/null; do wait $server; status=$?; done
  kill $watch 2>/dev/null
  exit $status
`;

/** @param marker by which the command line of the process is recognized */
function launch(options: RestateServerOptions, marker: string): ChildProcess {
  const config = fileURLToPath(new URL("../../../restate.toml", import.meta.url));
  const command = [binary(), "--config-file", config, "--no-logo"];
  return spawn("/bin/sh", ["-c", watchdog, "restate-server", marker, ...command], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    env: {
      PATH: "/usr/bin:/bin",
      TMPDIR: temporaryDir(options),
      ...options.environment,
      RESTATE_BASE_DIR: options.dataDir,
      RESTATE_WORKER__INVOKER__REQUEST_IDENTITY_PRIVATE_KEY_PEM_FILE: options.identityKeyFile,
      ...listenVariables(options.ports),
    },
  });
}

/** Sockets that a killed server left behind are no obstacle: it makes its own in their place. */
function listenVariables(ports: RestatePorts | undefined): Readonly<Record<string, string>> {
  if (ports === undefined) return { RESTATE_LISTEN_MODE: "unix" };
  return {
    RESTATE_LISTEN_MODE: "tcp",
    RESTATE_INGRESS__BIND_PORT: String(ports.ingress),
    RESTATE_ADMIN__BIND_PORT: String(ports.admin),
    RESTATE_BIND_PORT: String(ports.node),
  };
}

/** The platform's binary, from the package of its platform. */
function binary(): string {
  const platform = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  try {
    const require = createRequire(
      createRequire(import.meta.url).resolve("@restatedev/restate-server/package.json"),
    );
    return require.resolve(`${platform}/bin/restate-server`);
  } catch (cause) {
    throw new Error(
      `the package ${platform} is not installed: install it, or set RESTATE_INGRESS_URL and RESTATE_ADMIN_URL to a Restate server of your own`,
      { cause },
    );
  }
}

function lastLinesOf(child: ChildProcess): () => string {
  let lines: string[] = [];
  const collect = (chunk: Buffer) => {
    lines = [
      ...lines,
      ...chunk
        .toString("utf8")
        .split("\n")
        .filter((line) => line.trim() !== ""),
    ].slice(-8);
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  return () => lines.join("\n");
}

function controlOf(child: ChildProcess, predecessor: PidFile): RestateProcess {
  const output = lastLinesOf(child);
  const ended = new Promise<string>((resolve) => child.once("exit", () => resolve(output())));
  const stop = async () => {
    // One that ended by itself may have left a process behind: the next start looks for it.
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    signalGroup(child.pid, "SIGTERM");
    const overdue = setTimeout(() => signalGroup(child.pid, "SIGKILL"), stopTimeoutMs);
    await ended;
    clearTimeout(overdue);
    predecessor.remove();
  };
  return { ended, stop, [Symbol.asyncDispose]: stop };
}

async function untilHealthy(options: RestateServerOptions, ended: Promise<string>): Promise<void> {
  const lastLines = await Promise.race([ended, healthy(options)]);
  if (lastLines !== undefined) throw new Error(`the Restate server did not come up:\n${lastLines}`);
}

async function healthy({ ingress, admin }: RestateServerOptions): Promise<undefined> {
  await using stack = new AsyncDisposableStack();
  const [askIngress, askAdmin] = [ingress, admin].map((address) => {
    const dispatcher = stack.adopt(connectTo(address), async (agent) => await agent.destroy());
    return async (path: string) => await statusOf(`${address.url}${path}`, dispatcher);
  }) as [Ask, Ask];
  const deadline = AbortSignal.timeout(startTimeoutMs);
  while (!(await isUp(askIngress, askAdmin))) {
    if (deadline.aborted)
      throw new Error(`the Restate server did not answer within ${startTimeoutMs / 1_000} s`);
    await delay(50);
  }
}

/** Asks for a path; `undefined` where there is no answer within a second. */
type Ask = (path: string) => Promise<number | undefined>;

async function isUp(ingress: Ask, admin: Ask): Promise<boolean> {
  const statuses = await Promise.all([ingress("/restate/health"), admin("/health")]);
  return statuses.every((status) => status === 200) && (await hasLeaders(ingress));
}

/**
 * Whether every partition has a leader. A server that was killed says that it is healthy before it has found them again:
 * until then requests fail, and queries may miss executions. Of each partition an invocation is asked for which there is not.
 */
async function hasLeaders(ingress: Ask): Promise<boolean> {
  const keys = Array.from({ length: keysOfAllPartitions }, (_, key) => key);
  const statuses = await Promise.all(
    keys.map(async (key) => await ingress(`/restate/invocation/Workflow/none-${key}/execute/none/output`)),
  );
  return statuses.every((status) => status === 404);
}

/** Keys are spread by their hash: of so many some are in each of a few partitions. */
const keysOfAllPartitions = 64;

async function statusOf(url: string, dispatcher: Agent): Promise<number | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000), dispatcher });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}
