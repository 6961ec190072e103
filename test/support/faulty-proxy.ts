import { once } from "node:events";
import { createServer, request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** What happens to a request: nothing by default. */
export type Fault =
  /** Every response is delayed. */
  | { readonly kind: "slow"; readonly delayMs: number }
  /** The request gets this response of S3 instead. */
  | { readonly kind: "error"; readonly status: number; readonly code: string }
  /** The connection is reset in the middle of the response, after it was handled. */
  | { readonly kind: "cut" }
  /** A bit of each response body is flipped. */
  | { readonly kind: "damaged" }
  /** Connections are reset before anything is handled. */
  | { readonly kind: "unavailable" }
  /** The request gets no response. */
  | { readonly kind: "silent" };

/** A proxy in front of an HTTP server that injects faults. Signatures stay valid, because `Host` is passed on. */
export interface FaultyProxy extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** `GET /bucket/key`, in the order of their arrival. */
  readonly requests: readonly string[];
  /**
   * Injects a fault from now on, or ends it.
   *
   * @param times how many requests it affects; all of them by default
   */
  inject(fault: Fault | undefined, times?: number): void;
}

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const requests: string[] = [];
  let fault: Fault | undefined;
  let left = 0;
  const nextFault = (): Fault | undefined => {
    if (left === 0) return undefined;
    left -= 1;
    return fault;
  };
  const server = createServer((incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    answer(target, nextFault(), { incoming, outgoing }).catch(() => outgoing.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    inject(next, times = Number.POSITIVE_INFINITY) {
      fault = next;
      left = next === undefined ? 0 : times;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

async function answer(target: string, fault: Fault | undefined, exchange: Exchange): Promise<void> {
  const { incoming, outgoing } = exchange;
  if (fault?.kind === "unavailable") {
    incoming.socket.resetAndDestroy();
    return;
  }
  const body = Buffer.concat(await incoming.toArray());
  if (fault?.kind === "silent") return;
  if (fault?.kind === "slow") await delay(fault.delayMs);
  if (fault?.kind === "error") {
    outgoing.writeHead(fault.status, { "content-type": "application/xml" });
    outgoing.end(`<?xml version="1.0"?><Error><Code>${fault.code}</Code><Message>injected</Message></Error>`);
    return;
  }
  await forward(target, fault, { ...exchange, body });
}

async function forward(
  target: string,
  fault: Fault | undefined,
  { incoming, outgoing, body }: Exchange & { readonly body: Buffer },
): Promise<void> {
  const { method, url, headers } = incoming;
  const forwarded = request(`${target}${url}`, { method, headers, agent: false });
  forwarded.end(body);
  const [response] = (await once(forwarded, "response")) as [IncomingMessage];
  const content = Buffer.concat(await response.toArray());
  const damaged =
    fault?.kind === "damaged" ? content.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) : content;
  outgoing.writeHead(response.statusCode ?? 500, {
    ...Object.fromEntries(Object.entries(response.headers).filter(([name]) => !hopByHop.has(name))),
    "content-length": content.length,
  });
  if (fault?.kind !== "cut") {
    outgoing.end(damaged);
    return;
  }
  outgoing.write(content.subarray(0, content.length / 2), () => outgoing.socket?.resetAndDestroy());
}

const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);
