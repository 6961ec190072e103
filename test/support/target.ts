import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A request that the target has received completely. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A real HTTP server on loopback that workflows call. It counts its requests. */
export interface Target extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** The number of requests for this method and path so far: `count("POST /orders")`. */
  count(request: string): number;
  /** Waits until that many requests have arrived. */
  arrived(request: string, count?: number): Promise<void>;
}

/** The response of one route: a JSON value, or `handled` if the function writes the response itself. */
export type Answer = (request: SeenRequest, response: ServerResponse) => unknown;

/** `routes` are keyed by `METHOD /path`, without the query. Other requests get a 404. Port 0 selects a free one. */
export async function startTarget(routes: Readonly<Record<string, Answer>>, port = 0): Promise<Target> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await receive(incoming);
    seen.push(request);
    const route = routes[nameOf(request)];
    if (route === undefined) response.statusCode = 404;
    const value: unknown = await route?.(request, response);
    if (response.writableEnded || value === handled) return;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(value ?? null));
  }
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const count = (name: string) => seen.filter((request) => nameOf(request) === name).length;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    count,
    async arrived(name, wanted = 1) {
      while (count(name) < wanted) await delay(10);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Returned by a route that writes the response itself. */
export const handled = Symbol("handled");

async function receive(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? "GET",
    path: incoming.url ?? "/",
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

function nameOf({ method, path }: SeenRequest): string {
  return `${method} ${path.split("?", 1)[0]}`;
}
