import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";

/**
 * What a proxy does to its connections:
 *
 * - `cut`: those that are open are reset, and new ones too;
 * - `silent`: nothing passes, as if a network dropped all packets; what was sent arrives when the fault is over;
 * - `slow`: everything arrives later;
 * - `erring`: new connections are answered with an HTTP status of 503, and those that are open are reset.
 */
export type Fault =
  | { readonly kind: "cut" | "silent" | "erring" }
  | { readonly kind: "slow"; readonly delayMs: number };

/** A TCP proxy between two parts of an installation, or a load balancer where it has several ports behind it. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Begins a fault, or ends it with `undefined`. */
  disturb(fault: Fault | undefined): void;
  /** Begins or ends a fault between the proxy and one of the ports behind it. */
  disturbBackend(port: number, fault: Fault | undefined): void;
}

interface Connection {
  readonly backend: number;
  readonly sockets: readonly Socket[];
}

const pollMs = 20;

/**
 * Connects each client to the port with the fewest connections that accepts it (`leastconn`).
 *
 * @param backends ports on loopback
 */
export async function startTcpProxy(backends: readonly number[]): Promise<TcpProxy> {
  const connections = new Set<Connection>();
  const waiting = new Set<Socket>();
  const faults = new Map<number, Fault>();
  let fault: Fault | undefined;
  const faultOf = (backend: number) => fault ?? faults.get(backend);

  function byLoad(): readonly number[] {
    const loads = Map.groupBy(connections, ({ backend }) => backend);
    const loadOf = (port: number) => loads.get(port)?.length ?? 0;
    return backends.toSorted((one, other) => loadOf(one) - loadOf(other));
  }

  async function serve(client: Socket): Promise<void> {
    if (fault?.kind === "erring") return answerUnavailable(client);
    const found = fault?.kind === "cut" ? undefined : await connectToFirst(byLoad(), faultOf);
    if (found === undefined || client.destroyed) {
      found?.socket.destroy();
      return void client.resetAndDestroy();
    }
    const connection = { backend: found.port, sockets: [client, found.socket] };
    connections.add(connection);
    const pass = async () => await untilPassable(connection, faultOf);
    await Promise.all([forward(client, found.socket, pass), forward(found.socket, client, pass)]).catch(() =>
      reset(connection),
    );
    connections.delete(connection);
  }

  function resetIf(isHit: (connection: Connection) => boolean): void {
    for (const connection of connections) if (isHit(connection)) reset(connection);
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    client.on("error", () => {});
    waiting.add(client);
    void serve(client).finally(() => waiting.delete(client));
  });
  const port = await listen(server);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    disturb(next) {
      fault = next;
      if (isBreaking(next)) resetIf(() => true);
    },
    disturbBackend(backend, next) {
      if (next === undefined) faults.delete(backend);
      else faults.set(backend, next);
      if (isBreaking(next)) resetIf((connection) => connection.backend === backend);
    },
    async [Symbol.asyncDispose]() {
      fault = undefined;
      faults.clear();
      resetIf(() => true);
      for (const client of waiting) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isBreaking(fault: Fault | undefined): boolean {
  return fault?.kind === "cut" || fault?.kind === "erring";
}

function reset({ sockets }: Connection): void {
  for (const socket of sockets) socket.resetAndDestroy();
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

type FaultOf = (backend: number) => Fault | undefined;

async function connectToFirst(
  ports: readonly number[],
  faultOf: FaultOf,
): Promise<{ readonly port: number; readonly socket: Socket } | undefined> {
  for (const port of ports) {
    if (isBreaking(faultOf(port))) continue;
    const socket = await tryToConnect(port);
    if (socket !== undefined) return { port, socket };
  }
  return undefined;
}

async function tryToConnect(port: number): Promise<Socket | undefined> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  socket.on("error", () => {});
  const isConnected = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true)).once("close", () => resolve(false));
  });
  return isConnected ? socket : undefined;
}

async function forward(from: Socket, to: Socket, pass: () => Promise<void>): Promise<void> {
  await pipeline(
    from,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        await pass();
        yield chunk;
      }
      await pass();
    },
    to,
  );
}

/** Resolves when the next bytes of a connection may pass. */
async function untilPassable({ backend, sockets }: Connection, faultOf: FaultOf): Promise<void> {
  const fault = faultOf(backend);
  if (fault === undefined) return;
  if (fault.kind === "slow") await delay(fault.delayMs);
  while (faultOf(backend)?.kind === "silent" && sockets.every(({ destroyed }) => !destroyed))
    await delay(pollMs);
}

function answerUnavailable(client: Socket): void {
  const body = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
  client.once("data", () => {
    client.end(
      `HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/xml\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  });
}
