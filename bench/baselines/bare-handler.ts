import { randomBytes } from "node:crypto";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import * as restate from "@restatedev/restate-sdk";
import { Agent, request } from "undici";
import { serveParent } from "../support/child.ts";
import type { Fetches } from "../support/workflows.ts";

/**
 * The handler that an engineer writes who uses Restate directly: the same fetches, each in a `ctx.run`, in
 * its own process. The journal has as many entries as that of an execution of Duranium: the state `current`,
 * a step `start`, the fetches.
 */

const agent = new Agent({ connections: 256 });

type State = { current: { version: number } };

const retention = { journalRetention: { days: 30 }, idempotencyRetention: { days: 30 } } as const;

const { exclusive, shared } = restate.handlers.object;

const bare = restate.object({
  name: "Bare",
  handlers: {
    deploy: exclusive(async (ctx: restate.ObjectContext<State>) => ctx.set("current", { version: 1 })),
    execute: shared(
      retention,
      async (ctx: restate.ObjectSharedContext<State>, { payload }: { payload: Fetches }) => {
        await begin(ctx);
        const { url, sequential, parallel } = payload;
        let sum = 0;
        for (let at = 0; at < sequential; at++) sum += await ctx.run("fetch", () => count(url));
        const all = Array.from({ length: parallel }, () => ctx.run("fetch", () => count(url)));
        const counts = await restate.RestatePromise.all(all);
        return { sum: counts.reduce((total, each) => total + each, sum) };
      },
    ),
    resumed: shared(
      retention,
      async (ctx: restate.ObjectSharedContext<State>, { payload }: { payload: Resumed }) => {
        await begin(ctx);
        const { url, entries, events, mark } = payload;
        for (let at = 0; at < entries; at++) await ctx.run("fetch", () => count(url));
        for (let number = 0; number < events; number++) {
          await ctx.signal(`go ${number}`);
          await ctx.run("fetch", () => post(mark));
        }
      },
    ),
  },
});

const bell = restate.service({
  name: "Bell",
  handlers: {
    ring: async (ctx: restate.Context, { invocationId, signal }: Ring) => {
      ctx.invocation(restate.InvocationIdParser.fromString(invocationId)).signal(signal).resolve(null);
    },
  },
});

interface Resumed {
  readonly url: string;
  readonly entries: number;
  readonly events: number;
  readonly mark: string;
}

interface Ring {
  readonly invocationId: string;
  readonly signal: string;
}

async function begin(ctx: restate.ObjectSharedContext<State>): Promise<void> {
  await ctx.get("current");
  await ctx.run("start", () => ({ seed: randomBytes(32).toString("hex"), now: Date.now() }));
}

async function count(url: string): Promise<number> {
  const { body } = await request(url, { dispatcher: agent });
  return ((await body.json()) as { count: number }).count;
}

async function post(url: string): Promise<number> {
  const { body, statusCode } = await request(url, { dispatcher: agent, method: "POST" });
  await body.dump();
  return statusCode;
}

const handler = restate.createEndpointHandler({ services: [bare, bell], logger: () => {} });
const server = createServer(handler);
server.listen(0, "127.0.0.1", () => {
  serveParent({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
