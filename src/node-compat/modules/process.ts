/**
 * `process`: constants, and functions that make sense without a process. It is an emitter that never emits: a
 * workflow has no exit and no signals, and the host handles its unhandled rejections.
 */
import { processEnv } from "../process-env.ts";
import { unavailable, unavailableError } from "../unavailable.ts";
import { nodeVersion } from "../node-facts.ts";

type Listener = (...args: unknown[]) => unknown;

const nanosecondsPerMs = 1_000_000;

function elapsedNanoseconds(): bigint {
  return BigInt(Math.round(performance.now() * nanosecondsPerMs));
}

/**
 * Time as the workflow sees it. It advances only with the answers of the host, and so is the same on every replay.
 */
function hrtime(previous?: readonly [number, number]): [number, number] {
  const [seconds, nanoseconds] = previous ?? [0, 0];
  const elapsed = elapsedNanoseconds() - (BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));
  return [Number(elapsed / 1_000_000_000n), Number(elapsed % 1_000_000_000n)];
}
hrtime.bigint = elapsedNanoseconds;

function nextTick(callback: Listener, ...args: readonly unknown[]): void {
  queueMicrotask(() => callback(...args));
}

function emitWarning(warning: unknown, type?: unknown): void {
  const name =
    typeof type === "string" ? type : ((type as { readonly type?: string } | undefined)?.type ?? "Warning");
  // oxlint-disable-next-line no-console -- the console of the workflow
  console.warn(warning instanceof Error ? String(warning) : `${name}: ${String(warning)}`);
}

/** Writes lines to the console. Text is buffered until its line break is written. */
function outputTo(print: (line: string) => void, fd: number): object {
  let pending = "";
  return {
    fd,
    isTTY: false,
    writable: true,
    columns: 80,
    write(chunk: unknown, encoding?: unknown, done?: unknown) {
      const lines = (
        pending + (typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk as Uint8Array))
      ).split("\n");
      pending = lines.pop() ?? "";
      for (const line of lines) print(line);
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") queueMicrotask(() => (callback as Listener)());
      return true;
    },
    ...emitter,
    end: () => undefined,
    getColorDepth: () => 1,
    hasColors: () => false,
  };
}

function returnThis(this: unknown): unknown {
  return this;
}

/** No event is ever emitted, so listeners are not stored. */
const emitter = {
  on: returnThis,
  once: returnThis,
  off: returnThis,
  addListener: returnThis,
  removeListener: returnThis,
  removeAllListeners: returnThis,
  prependListener: returnThis,
  prependOnceListener: returnThis,
  setMaxListeners: returnThis,
  getMaxListeners: () => 10,
  emit: () => false,
  listeners: () => [],
  rawListeners: () => [],
  listenerCount: () => 0,
  eventNames: () => [],
};

const nothing = Object.assign(() => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }), {
  rss: () => 0,
});

const process = {
  ...emitter,
  env: processEnv,
  version: `v${nodeVersion}`,
  versions: { node: nodeVersion },
  release: { name: "node" },
  platform: "linux",
  arch: "x64",
  title: "workflow",
  argv: ["node", "/workflow.js"],
  argv0: "node",
  execArgv: [] as readonly string[],
  execPath: "/node",
  pid: 1,
  ppid: 0,
  exitCode: undefined,
  browser: false,
  config: {},
  features: {},
  stdout: outputTo((line) => {
    // oxlint-disable-next-line no-console -- the console of the workflow
    console.log(line);
  }, 1),
  stderr: outputTo((line) => {
    // oxlint-disable-next-line no-console -- the console of the workflow
    console.error(line);
  }, 2),
  stdin: {
    ...emitter,
    fd: 0,
    isTTY: false,
    resume: returnThis,
    pause: returnThis,
    setEncoding: returnThis,
    read: () => null,
  },
  hrtime,
  nextTick,
  emitWarning,
  cwd: () => "/",
  umask: () => 0o22,
  uptime: () => performance.now() / 1_000,
  memoryUsage: nothing,
  cpuUsage: () => ({ user: 0, system: 0 }),
  resourceUsage: () => ({}),
  getuid: () => 1000,
  geteuid: () => 1000,
  getgid: () => 1000,
  getegid: () => 1000,
  ref: () => undefined,
  unref: () => undefined,
  getBuiltinModule: () => undefined,
  exit: unavailable("process", "exit"),
  abort: unavailable("process", "abort"),
  kill: unavailable("process", "kill"),
  chdir: unavailable("process", "chdir"),
  dlopen: unavailable("process", "dlopen"),
  binding(name: string): never {
    throw unavailableError("process", `binding("${name}")`);
  },
  [Symbol.toStringTag]: "process",
};

export default process;
