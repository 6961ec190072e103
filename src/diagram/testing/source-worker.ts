import { parentPort } from "node:worker_threads";
import { mapConcurrent, retry } from "../../guest/context/helpers.ts";
import { createRandom } from "./random.ts";

/**
 * Runs a printed program in Node with operations that only record the number of their call, and that succeed or fail in an order
 * that follows from a seed. A thread of its own, because programs leave rejections unhandled.
 */
process.on("unhandledRejection", () => {});

export interface Order {
  readonly source: string;
  readonly seed: number;
}

export interface Ran {
  /** The numbers of the calls, in order. */
  readonly calls: readonly { readonly n: number; readonly name: string }[];
  readonly status: "returned" | "failed" | "running";
}

const maxCalls = 15;
const maxPicks = 200;

async function runSource({ source, seed }: Order): Promise<Ran> {
  const random = createRandom(seed);
  const calls: { n: number; name: string }[] = [];
  const pending: { settle: () => void }[] = [];
  const isRunning = () => calls.length < maxCalls;

  function operation(name: (key: string) => string) {
    return (key: unknown, callback?: unknown): Promise<unknown> => {
      const n = Number(/s(\d+)s/.exec(String(key))?.[1] ?? 0);
      if (isRunning()) calls.push({ n, name: name(String(key)) });
      return new Promise((resolve, reject) => {
        const isFailed = random(5) === 0;
        pending.push({
          settle: () =>
            isFailed
              ? reject(new Error(`call ${n} failed`))
              : resolve(typeof callback === "function" ? callback() : 1),
        });
      });
    };
  }

  const named = (verb: string) => operation((key) => `${verb} ${key}`);
  const ctx = {
    sleep: operation(() => "sleep"),
    call: named("call"),
    send: named("send"),
    waitForEvent: named("wait for event"),
    state: { get: named("state get"), set: named("state set"), update: named("state update") },
    secrets: { hmacSha256: operation(() => "hmac") },
  };
  let picks = 0;
  const pick = () => {
    picks += 1;
    // A loop without steps may have no other end.
    if (picks > maxPicks) throw Object.assign(new Error("endless"), { isFinal: true });
    return !isRunning() || random(2) === 0;
  };
  const payload = {
    pick,
    count: () => (isRunning() ? random(3) : 0),
    items: () => Array.from({ length: isRunning() ? random(4) : 0 }, (_, index) => index),
  };
  const code = source.replace(/^import .*$/m, "").replace("export async function run", "async function run");
  // oxlint-disable-next-line typescript/no-implied-eval -- the source is a test's own
  const build = new Function("fetch", "setTimeout", "retry", "mapConcurrent", `${code}\nreturn run;`);
  const run = build(
    named("fetch GET"),
    operation(() => "timer"),
    retry,
    mapConcurrent,
  );
  let status: Ran["status"] = "running";
  run(ctx, payload).then(
    () => (status = "returned"),
    () => (status = "failed"),
  );
  await drained();
  // oxlint-disable-next-line no-unmodified-loop-condition -- the program ends while the loop awaits
  while (status === "running" && pending.length > 0 && isRunning()) {
    const [next] = pending.splice(random(pending.length), 1);
    next?.settle();
    await drained();
  }
  return { calls: [...calls], status: isRunning() && picks <= maxPicks ? status : "running" };
}

/** Until no microtask is left. */
async function drained(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

parentPort?.on("message", (order: Order) => void answer(order));

async function answer(order: Order): Promise<void> {
  try {
    send(await runSource(order));
  } catch (error) {
    send({ error: String(error) });
  }
}

function send(message: Ran | { readonly error: string }): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message);
}
