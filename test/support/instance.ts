import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endWithTests, stopAfterTests } from "./end-with-tests.ts";
import { testEnginesDirectory } from "./engine.ts";
import { freePorts } from "./free-ports.ts";
import { replayEnvironment } from "./replayed.ts";

/** A complete Duranium as its users run it: a separate process, a real Restate server, real files. */
export interface Instance extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly rootKey: string;
  readonly restateAdminUrl: string;
  readonly restateIngressUrl: string;
  readonly dataDir: string;
  /** The id of the most recently started process. */
  readonly pid: number | undefined;
  /** The output of all runs so far. */
  output(): string;
  /** Starts or restarts the process and waits for `ready:`. */
  start(as?: StartAs): Promise<void>;
  /** Stops the process like Ctrl-C and returns its exit code. */
  stop(): Promise<number | null>;
  /** Kills the process, so that it cannot clean up. */
  kill(): Promise<void>;
  /** Resolves when the process has ended for any reason. */
  exited(): Promise<void>;
  /** Sends a request to the API with the root key. `body` is sent as JSON. */
  request(method: string, path: string, options?: RequestOptions): Promise<ApiAnswer>;
}

/** What of an installation its callers and its judges use. */
export type ReachableInstance = Pick<Instance, "request" | "restateAdminUrl">;

/** Options in which a later start may differ from the first one, as after an upgrade of the same installation. */
export interface StartAs {
  /** The folder of the source to run. */
  readonly root?: string;
  /** The entry file within the folder. */
  readonly entry?: string;
  /** Options of Node. */
  readonly execArgv?: readonly string[];
  /** Arguments of Duranium. */
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RequestOptions {
  /** Bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of every form
  readonly body: any;
}

const project = fileURLToPath(new URL("../..", import.meta.url));
/** Node's compile cache for Duranium's source and its packages, because compiling them takes much of the start. */
export const compiledDirectory = join(project, "node_modules/.cache/duranium-test/compiled");

/**
 * Deploys are bundled in an empty folder with many levels, which takes a second to create and remove, so instances
 * share it.
 */
const bundlingDirectory = join(project, "node_modules/.cache/duranium-test/bundling");

async function shareBundling(dataDir: string): Promise<void> {
  const link = join(dataDir, "bundling");
  if (existsSync(link)) return;
  await mkdir(bundlingDirectory, { recursive: true, mode: 0o700 });
  await symlink(bundlingDirectory, link);
}

/** Node's permission model denies such a process access to the folders of tests. */
function isConfined(entry: string): boolean {
  return entry.endsWith("confined.ts");
}

/** Tests share a small machine, so their requests may be delayed and must not be rejected for that. */
const patient = {
  DURANIUM_MAX_QUEUED_EXECUTIONS: "100000",
  DURANIUM_MAX_START_DELAY_MS: "600000",
  DURANIUM_MAX_EVENT_LOOP_DELAY_MS: "600000",
  DURANIUM_ACCESS_LOG: "off",
};

const rootKey = "test-root-key-0123456789abcdef";

/** Starts an instance on free ports in a temporary folder. Disposing it removes everything. */
export async function startInstance(environment: Record<string, string> = {}): Promise<Instance> {
  const instance = await createInstance(environment);
  await instance.start();
  return instance;
}

/**
 * The instance with the default settings that the test files of a process share, because each one would take seconds to
 * start and to compile its engine. It is for files that do not depend on what else it contains, and whose workflows have
 * names that no other file uses. Disposing it lets others use it alone; it stops when no file has used it for a while.
 */
export async function sharedInstance(): Promise<Instance> {
  clearTimeout(unused);
  users += 1;
  shared ??= createShared();
  const instance = await shared;
  let isUsed = true;
  const release = async () => {
    if (!isUsed) return;
    isUsed = false;
    users -= 1;
    if (users === 0) unused = setTimeout(() => void stopShared(), unusedMs).unref();
  };
  return Object.assign(Object.create(instance) as Instance, { [Symbol.asyncDispose]: release });
}

/** An instance that only waits takes 2.5 % of a core, and another one as much in a minute as its start. */
const unusedMs = 45_000;

let shared: Promise<Instance> | undefined;
let users = 0;
let unused: NodeJS.Timeout | undefined;

async function createShared(): Promise<Instance> {
  const instance = await createInstance({}, (child, dataDir) => stopAfterTests(child, dataDir));
  await instance.start();
  return instance;
}

async function stopShared(): Promise<void> {
  const instance = await shared;
  // It was asked for again meanwhile.
  if (users > 0) return;
  shared = undefined;
  await instance?.[Symbol.asyncDispose]();
}

/** @param onLaunch called with each process that is started */
export async function createInstance(
  environment: Record<string, string> = {},
  onLaunch: (child: ChildProcess, dataDir: string) => void = () => {},
): Promise<Instance> {
  const dataDir = await mkdtemp(join(tmpdir(), "duranium-test-"));
  const [api, ingress, admin, node, executor] = await freePorts(5);
  const variables = {
    PORT: String(api),
    RESTATE_INGRESS_PORT: String(ingress),
    RESTATE_ADMIN_PORT: String(admin),
    RESTATE_NODE_PORT: String(node),
    DURANIUM_EXECUTOR_PORT: String(executor),
    DURANIUM_DATA_DIR: dataDir,
    DURANIUM_ENGINES_DIR: testEnginesDirectory,
    DURANIUM_ROOT_KEY: rootKey,
    DURANIUM_EGRESS_ALLOW: "127.0.0.1:*",
    ...patient,
    ...replayEnvironment,
    ...environment,
  };
  const url = `http://127.0.0.1:${api}`;
  let running: ChildProcess | undefined;
  let printed = "";
  return {
    url,
    rootKey,
    dataDir,
    restateAdminUrl: `http://127.0.0.1:${admin}`,
    restateIngressUrl: `http://127.0.0.1:${ingress}`,
    get pid() {
      return running?.pid;
    },
    output: () => printed,
    async start({ root = project, entry = "src/main.ts", execArgv = [], args = [], environment: more } = {}) {
      // A failed test may have left the previous process running, and no other code would end it.
      await end(running, "SIGKILL");
      if (!isConfined(entry)) await shareBundling(dataDir);
      // The compile cache of a release in a temporary folder is removed with the folder.
      const compiled = root === project ? compiledDirectory : join(root, "../compiled");
      running = launch(
        [...execArgv, join(root, entry), ...args],
        { NODE_COMPILE_CACHE: compiled, ...variables, ...more },
        (text) => (printed += text),
      );
      onLaunch(running, dataDir);
      await untilReady(running, () => printed);
    },
    async stop() {
      return await end(running, "SIGTERM");
    },
    async kill() {
      await end(running, "SIGKILL");
    },
    async exited() {
      await exited(running);
    },
    request: async (method, path, options) => await requestApi(url, method, path, options),
    async [Symbol.asyncDispose]() {
      await end(running, "SIGTERM");
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
    },
  };
}

function launch(
  args: readonly string[],
  variables: Record<string, string>,
  onOutput: (text: string) => void,
): ChildProcess {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env["PATH"], ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  endWithTests(child);
  child.stdout.on("data", (chunk: Buffer) => onOutput(chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => onOutput(chunk.toString("utf8")));
  return child;
}

async function untilReady(child: ChildProcess, output: () => string): Promise<void> {
  const before = output().length;
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", () => {
      if (output().slice(before).includes("ready: ")) resolve();
    });
    child.once("exit", (code) =>
      reject(new Error(`it ended with ${code} before it was ready:\n${output()}`)),
    );
  });
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<number | null> {
  if (child === undefined) return null;
  child.kill(signal);
  await exited(child);
  return child.exitCode;
}

async function exited(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once("exit", resolve));
}

/** Sends a request to an API that has the root key of the tests. */
export async function requestApi(
  url: string,
  method: string,
  path: string,
  { body, headers = {}, signal }: RequestOptions = {},
): Promise<ApiAnswer> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(signal === undefined ? {} : { signal }),
    headers: {
      authorization: `Bearer ${rootKey}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { body: body instanceof Uint8Array ? Uint8Array.from(body) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
