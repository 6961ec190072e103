import { setTimeout as delay } from "node:timers/promises";
import type { Agent } from "undici";
import { connectTo } from "../client/restate-address.ts";
import type { RestateAddress } from "../client/restate-address.ts";

/**
 * Resolves once a Restate server processes requests.
 *
 * On a machine that is overloaded, this process gets the processor seldom, and each await may take a second. So a request has
 * long to be answered, and there are few in a row: a server that is ready must not be taken for one that hangs, and be restarted.
 */
export async function untilReady(
  { ingress, admin }: { readonly ingress: RestateAddress; readonly admin: RestateAddress },
  timeoutMs: number,
): Promise<undefined> {
  await using stack = new AsyncDisposableStack();
  const [askIngress, askAdmin] = [ingress, admin].map((address) => {
    const dispatcher = stack.adopt(connectTo(address), async (agent) => await agent.destroy());
    return async (path: string) => await statusOf(address.url, path, dispatcher);
  }) as [Ask, Ask];
  const deadline = AbortSignal.timeout(timeoutMs);
  const hasLeaders = leaderCheck(askIngress);
  while (!((await isUp(askIngress, askAdmin)) && (await hasLeaders()))) {
    if (deadline.aborted) throw new Error(`Restate did not become healthy within ${timeoutMs / 1_000} s`);
    await delay(50);
  }
}

/** Requests a path and returns the status code, or undefined if there is no response in time. */
type Ask = (path: string) => Promise<number | undefined>;

const askTimeoutMs = 5_000;

async function isUp(ingress: Ask, admin: Ask): Promise<boolean> {
  const statuses = await Promise.all([ingress("/restate/health"), admin("/health")]);
  return statuses.every((status) => status === 200);
}

/**
 * Returns a check that is true once every partition has a leader. After a crash, the server reports itself healthy before
 * that: requests then fail, and queries may miss executions. A request for an unknown invocation gets 404 only from the
 * leader of its partition. Each call continues with the first keys of which a partition had none.
 */
function leaderCheck(ingress: Ask): () => Promise<boolean> {
  let next = 0;
  return async () => {
    while (next < keysOfAllPartitions) {
      const keys = Array.from({ length: keysAtOnce }, (_, index) => next + index);
      const statuses = await Promise.all(
        keys.map(
          async (key) => await ingress(`/restate/invocation/Workflow/none-${key}/execute/none/output`),
        ),
      );
      if (statuses.some((status) => status !== 404)) return false;
      next += keysAtOnce;
    }
    return true;
  };
}

/** Restate distributes keys by their hash, so this many keys reach each of a few partitions. */
const keysOfAllPartitions = 64;
const keysAtOnce = 16;

async function statusOf(url: string, path: string, dispatcher: Agent): Promise<number | undefined> {
  try {
    const { origin, pathname } = new URL(url);
    const options = { origin, path: `${pathname.replace(/\/$/, "")}${path}`, method: "GET" } as const;
    const signal = AbortSignal.timeout(askTimeoutMs);
    const { statusCode, body } = await dispatcher.request({ ...options, signal });
    await body.dump();
    return statusCode;
  } catch {
    return undefined;
  }
}
