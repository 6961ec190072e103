import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { ApiAnswer, Instance, RequestOptions } from "../support/instance.ts";

/** Requests of callers who repeat them until the API responds, as those of an installation that is restarted do. */
export interface Caller {
  /** The longest time that a request has waited, with all of its repetitions. */
  readonly longestWaitMs: number;
  /** Rejects with the problem if the API refuses. */
  readonly ask: (method: string, path: string, options?: RequestOptions) => Promise<ApiAnswer["body"]>;
  /** Starts an execution once, however often the request is repeated, and returns its ID. */
  readonly start: (workflow: string, payload: unknown) => Promise<string>;
}

const repeatAfterMs = 100;

export function createCaller(instance: Pick<Instance, "request">): Caller {
  let longestWaitMs = 0;
  const ask: Caller["ask"] = async (method, path, options) => {
    const begunAt = Date.now();
    const answer = await untilAnswered(instance, { method, path, options });
    longestWaitMs = Math.max(longestWaitMs, Date.now() - begunAt);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  };
  return {
    get longestWaitMs() {
      return longestWaitMs;
    },
    ask,
    async start(workflow, payload) {
      const headers = { "idempotency-key": randomUUID() };
      const { executionId } = await ask("POST", `/workflows/${workflow}/execute`, { headers, body: payload });
      return executionId;
    },
  };
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly options: RequestOptions | undefined;
}

async function untilAnswered(
  instance: Pick<Instance, "request">,
  { method, path, options }: Asked,
): Promise<ApiAnswer> {
  for (;;) {
    const answer = await instance.request(method, path, options).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) return answer;
    await delay(repeatAfterMs);
  }
}

/** All items of a list. */
export async function listAll(
  { ask }: Pick<Caller, "ask">,
  path: string,
): Promise<readonly ApiAnswer["body"][]> {
  const items: ApiAnswer["body"][] = [];
  let cursor: string | undefined;
  do {
    const query = `${path.includes("?") ? "&" : "?"}limit=100${cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = await ask("GET", `${path}${query}`);
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
}

/** Runs a task for each item, with so many at the same time. */
export async function forEachOf<T>(
  items: Iterable<T>,
  atOnce: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const rest = Iterator.from(items);
  const lanes = Array.from({ length: atOnce }, async () => {
    for (const item of rest) await task(item);
  });
  await Promise.all(lanes);
}
