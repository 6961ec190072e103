import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdir, realpath, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { RestateAddress } from "../client/restate-address.ts";
import { untilReady } from "./readiness.ts";
import { openPidFile, signalGroup } from "./pid-file.ts";
import type { PidFile } from "./pid-file.ts";

/**
 * One process of the embedded Restate server: Restate's own binary as a child process.
 *
 * The server must not outlive this process, even if it is killed with SIGKILL. A shell between the two, the watchdog, holds
 * the read end of a pipe whose write end belongs to this process, and ends the server when the pipe closes. Watchdog and
 * server have their own process group, so Ctrl-C in a terminal reaches only this process, which then shuts down in order.
 */
export interface RestateProcess extends AsyncDisposable {
  /** Resolves with the last lines of output once the server has exited for any reason. */
  readonly ended: Promise<string>;
  /** Stops the server. Resolves once it has exited. */
  stop(): Promise<void>;
}

export interface RestateServerOptions {
  /** Created if it is missing. The caller holds the lock on the data directory that contains it. */
  readonly dataDir: string;
  readonly ingress: RestateAddress;
  readonly admin: RestateAddress;
  /** TCP ports on loopback. If undefined, the server listens on Unix sockets in its data directory. */
  readonly ports: RestatePorts | undefined;
  /** A PEM file with the key that signs requests to executors: see `request-identity.ts`. */
  readonly identityKeyFile: string;
  /** Restate's own environment variables, which override `restate.toml`. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface RestatePorts {
  readonly ingress: number;
  readonly admin: number;
  /** The port for other Restate nodes and for Restate's metrics. */
  readonly node: number;
}

/** How long the server may take to become healthy. Opening a large log takes tens of seconds. */
const startTimeoutMs = 90_000;
/** How long the server may take to flush and exit. Killing it after that loses no data, because its log is durable. */
const stopTimeoutMs = 5_000;
/** How long the ports of a killed server may stay in use: the system frees its memory before it closes its sockets. */
const releaseTimeoutMs = 10_000;

/** A port of the embedded server is in use. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
  readonly variable: string;

  constructor(variable: string, port: number) {
    super(`port ${port} is in use: set ${variable} to a free port`);
    this.variable = variable;
  }
}

/**
 * Starts the server, and resolves when it serves every partition.
 *
 * @throws {PortTakenError} if a port is in use
 * @throws {Error} if the server exits or does not become healthy
 */
export async function startRestateProcess(options: RestateServerOptions): Promise<RestateProcess> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = await realpath(options.dataDir);
  const pidFile = openPidFile(dataDir, dataDir);
  const hadStaleServer = await pidFile.end();
  await assertPortsFree(options, hadStaleServer ? releaseTimeoutMs : 0);
  await clearTemporary(options);
  const child = launch(options, dataDir);
  if (child.pid !== undefined) pidFile.write(child.pid);
  const server = controlOf(child, pidFile);
  try {
    await untilHealthy(options, server.ended);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A temporary folder of the server's own, since a killed server leaves files there that only the next start deletes. */
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

/** `$1` is the data directory, `$2` the binary. File descriptor 3 is the pipe, whose end of file means that this process exited. */
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

/** @param marker an argument that identifies the server in the command line of its process */
function launch(options: RestateServerOptions, marker: string): ChildProcess {
  const config = fileURLToPath(new URL("../../../restate.toml", import.meta.url));
  const command = [restateBinary(), "--config-file", config, "--no-logo"];
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

/** Sockets that a killed server left behind need no cleanup: Restate replaces them. */
function listenVariables(ports: RestatePorts | undefined): Readonly<Record<string, string>> {
  if (ports === undefined) return { RESTATE_LISTEN_MODE: "unix" };
  return {
    RESTATE_LISTEN_MODE: "tcp",
    RESTATE_INGRESS__BIND_PORT: String(ports.ingress),
    RESTATE_ADMIN__BIND_PORT: String(ports.admin),
    RESTATE_BIND_PORT: String(ports.node),
  };
}

/** Returns the path of Restate's binary in the package of this platform. */
export function restateBinary(): string {
  const platform = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  try {
    const require = createRequire(
      createRequire(import.meta.url).resolve("@restatedev/restate-server/package.json"),
    );
    return require.resolve(`${platform}/bin/restate-server`);
  } catch (cause) {
    throw new Error(
      `Cannot start Restate: the package ${platform} is not installed. Install it, or set RESTATE_INGRESS_URL and RESTATE_ADMIN_URL to your own Restate server`,
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

function controlOf(child: ChildProcess, pidFile: PidFile): RestateProcess {
  const output = lastLinesOf(child);
  const ended = new Promise<string>((resolve) => child.once("exit", () => resolve(output())));
  const stop = async () => {
    // If the watchdog exited on its own, the server may still run. The PID file stays, so the next start finds it.
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    signalGroup(child.pid, "SIGTERM");
    const overdue = setTimeout(() => signalGroup(child.pid, "SIGKILL"), stopTimeoutMs);
    await ended;
    clearTimeout(overdue);
    pidFile.remove();
  };
  return { ended, stop, [Symbol.asyncDispose]: stop };
}

async function untilHealthy(options: RestateServerOptions, ended: Promise<string>): Promise<void> {
  const lastLines = await Promise.race([ended, untilReady(options, startTimeoutMs)]);
  if (lastLines !== undefined) throw new Error(`Restate exited during its start; last output:\n${lastLines}`);
}
