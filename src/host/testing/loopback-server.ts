import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createSocketServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { text } from "node:stream/consumers";

/** A real server on loopback that writes down what it was asked. Dispose it. */
export interface LoopbackServer extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, without a final slash. */
  readonly origin: string;
  readonly requests: readonly ReceivedRequest[];
  /** How many sockets were ever opened to it. */
  readonly connections: () => number;
  /** Ends those that are open. */
  readonly closeConnections: () => void;
}

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** @param answer called once the whole request is there */
export async function startHttpServer(
  answer: (request: ReceivedRequest, response: ServerResponse) => void,
  { host = "127.0.0.1", port = 0 }: { readonly host?: string; readonly port?: number } = {},
): Promise<LoopbackServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, response) => {
    const { method = "", url = "", headers } = incoming;
    const received = (body: string) => {
      const request = { method, url, headers, body };
      requests.push(request);
      answer(request, response);
    };
    text(incoming).then(received, (error: Error) => response.destroy(error));
  });
  return await listening(server, { host, port }, requests);
}

/** For what no HTTP library would send. */
export async function startSocketServer(answer: (socket: Socket) => void): Promise<LoopbackServer> {
  const server = createSocketServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => answer(socket));
  });
  return await listening(server, { host: "127.0.0.1", port: 0 }, []);
}

async function listening(
  server: Server,
  { host, port: wanted }: { readonly host: string; readonly port: number },
  requests: readonly ReceivedRequest[],
): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(wanted, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://${host}:${port}`,
    requests,
    connections: () => connections,
    closeConnections() {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
