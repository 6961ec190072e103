import { setTimeout as delay } from "node:timers/promises";
import type { Instance } from "../support/instance.ts";
import { handled, startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** What the workflows of the table run in: an instance, and a server that they call. */
export interface World extends AsyncDisposable {
  readonly instance: Instance;
  readonly target: Target;
  /** What an execution posted to `/note`, in order. Workflows name themselves in the query. */
  notes(name: string): readonly unknown[];
  /** Waits for the first note. */
  noted(name: string): Promise<unknown>;
}

export async function openWorld(instance: Instance): Promise<World> {
  const flaky = new Map<string, number>();
  const target = await startTarget({
    "POST /note": () => null,
    "GET /never": () => new Promise(() => {}),
    "GET /slow": async () => {
      await delay(150);
      return "slow";
    },
    "GET /prompt": ({ path }) => path.split("?")[1] ?? null,
    "POST /echo": ({ path, headers, body }) => ({
      query: path.split("?")[1] ?? "",
      type: headers["content-type"] ?? "",
      test: headers["x-test"] ?? "",
      authorization: headers.authorization ?? "",
      body,
    }),
    "GET /broken": (_, response) => void (response.statusCode = 503),
    "GET /bytes": (_, response) => {
      response.end(Buffer.from([0, 255, 128, 10]));
      return handled;
    },
    "GET /latin": (_, response) => {
      response.writeHead(200, { "content-type": "text/plain; charset=iso-8859-1" });
      response.end(Buffer.from([0xfc]));
      return handled;
    },
    "GET /away": (_, response) => {
      response.writeHead(302, { location: "/prompt?moved" }).end();
      return handled;
    },
    "GET /flaky": ({ path }, response) => {
      const count = (flaky.get(path) ?? 0) + 1;
      flaky.set(path, count);
      if (count < 3) response.statusCode = 503;
      return count;
    },
  });
  const notes = (name: string) =>
    target.seen.filter(({ path }) => path === `/note?${name}`).map(({ body }) => JSON.parse(body) as unknown);
  return {
    instance,
    target,
    notes,
    async noted(name) {
      while (notes(name).length === 0) await delay(10);
      return notes(name)[0];
    },
    [Symbol.asyncDispose]: async () => await target[Symbol.asyncDispose](),
  };
}

export async function sendEvent({ instance }: World, executionId: string, name: string, payload: unknown) {
  const { status, body } = await instance.request("POST", `/executions/${executionId}/events/${name}`, {
    body: payload,
  });
  if (status !== 202) throw new Error(`the event was answered with ${status}: ${JSON.stringify(body)}`);
}

export async function linesOf(
  { instance }: World,
  executionId: string,
): Promise<readonly (readonly unknown[])[]> {
  const { body } = await instance.request("GET", `/executions/${executionId}/logs?limit=200`);
  return body.items.map((line: { level: string; arguments: unknown[] }) => [line.level, ...line.arguments]);
}
