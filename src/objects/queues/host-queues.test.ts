import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createRestateClient } from "../../restate/client/restate-client.ts";
import { createHostQueues } from "./host-queues.ts";

const { signal } = new AbortController();
const unexpected = () => expect.unreachable();

/** An ingress that grants each token at once, and can be killed and started again on the same port. */
async function startIngress() {
  const requested: string[] = [];
  let server: Server | undefined;
  async function start(port = 0): Promise<number> {
    server = createServer((request, response) => {
      requested.push(request.url ?? "");
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(request.url?.endsWith("/send") === true ? sent : { at: 4_711 }));
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }
  const port = await start();
  async function kill(): Promise<void> {
    const closed = once(server ?? createServer(), "close");
    server?.close();
    server?.closeAllConnections();
    await closed;
  }
  onTestFinished(async () => void (server?.listening === true && (await kill())));
  const address = { url: `http://127.0.0.1:${port}` };
  const restate = createRestateClient({ ingress: [address], admin: [address] });
  return { requested, restate, kill, restart: async () => await start(port) };
}

const sent = { invocationId: "inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz", status: "Accepted" };

/** Waits that end at once on a clock of their own, after this has happened. */
function waits(whileWaiting: () => Promise<unknown> = async () => {}) {
  let now = 0;
  return {
    elapsed: () => now,
    wait: async (durationMs: number) => {
      now += durationMs;
      await whileWaiting();
    },
  };
}

describe("the queue of a host that is not reachable", () => {
  test("is asked again until it grants a token", async () => {
    const { requested, restate, kill, restart } = await startIngress();
    await kill();
    const queues = createHostQueues(restate, { onLostHold: unexpected, waiting: waits(restart) });
    expect(await queues.book("api.example.com", 1, signal)).toEqual({ at: 4_711 });
    expect(requested).toEqual([`/Queue/${encodeURIComponent("host:api.example.com")}/book`]);
  });

  test("fails the request after a bounded time, with an error that names it", async () => {
    const { restate, kill } = await startIngress();
    await kill();
    const queues = createHostQueues(restate, { onLostHold: unexpected, waiting: waits() });
    await expect(queues.book("api.example.com", 1, signal)).rejects.toThrow(
      "the queue of api.example.com, which limits its requests, could not be reached for 50 s",
    );
  });

  test("is not waited for by a fetch that is aborted", async () => {
    const { restate, kill } = await startIngress();
    await kill();
    const controller = new AbortController();
    const waiting = waits(async () => controller.abort(new Error("abandoned")));
    const queues = createHostQueues(restate, { onLostHold: unexpected, waiting });
    await expect(queues.book("api.example.com", 1, controller.signal)).rejects.toThrow("abandoned");
  });

  test("learns of a `Retry-After` once it is reachable, and its loss is reported", async () => {
    const { requested, restate, kill, restart } = await startIngress();
    await kill();
    const lost: unknown[] = [];
    const onLostHold = (error: unknown) => void lost.push(error);
    await createHostQueues(restate, { onLostHold, waiting: waits() }).hold("api.example.com", 1, signal);
    expect(lost).toMatchObject([{ code: "fetch-failed" }]);
    await createHostQueues(restate, { onLostHold, waiting: waits(restart) }).hold(
      "api.example.com",
      1,
      signal,
    );
    expect(requested).toEqual([`/Queue/${encodeURIComponent("host:api.example.com")}/hold/send`]);
    expect(lost).toHaveLength(1);
  });
});
