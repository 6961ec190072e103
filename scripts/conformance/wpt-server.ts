import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { buffer } from "node:stream/consumers";
import { wptHandlers } from "./wpt-handlers.ts";
import { substituted } from "./wpt-suite.ts";
import type { WptOrigin } from "./wpt-suite.ts";

export interface WptServer extends AsyncDisposable {
  readonly origin: WptOrigin;
}

const types: Readonly<Record<string, string>> = {
  ".json": "application/json",
  ".js": "text/javascript",
  ".html": "text/html",
  ".txt": "text/plain",
};

/**
 * Serves the files of a checkout of web-platform-tests on two loopback ports, with the handlers of
 * `wpt-handlers.ts`.
 */
export async function startWptServer(root: string): Promise<WptServer> {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    respond(root, origin, request, response).catch((error: unknown) => response.destroy(error as Error));
  };
  const servers = [await listen(answer), await listen(answer)] as const;
  const origin = { httpPort: portOf(servers[0]), secondHttpPort: portOf(servers[1]) };
  return {
    origin,
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function respond(
  root: string,
  origin: WptOrigin,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://127.0.0.1");
  const path = normalize(decodeURIComponent(pathname));
  const handler = wptHandlers[path] ?? wptHandlers[path.slice(path.lastIndexOf("/") + 1)];
  if (handler !== undefined && path.endsWith(".py")) {
    const { method = "GET", headers } = request;
    return await handler({ method, query, headers, body: await buffer(request) }, response);
  }
  const file = join(root, path);
  if (!file.startsWith(root)) return void response.writeHead(404).end();
  const content = await readFile(file).catch(() => undefined);
  if (content === undefined || path.endsWith(".py")) return void response.writeHead(404).end();
  const type = types[path.slice(path.lastIndexOf("."))];
  response.writeHead(200, {
    ...(type === undefined ? {} : { "content-type": type }),
    ...(await headersBeside(file)),
  });
  response.end(path.includes(".sub.") ? substituted(path, content.toString("utf8"), origin) : content);
}

/** `name.headers` next to a file contains the headers of its response. */
async function headersBeside(file: string): Promise<Record<string, string>> {
  const text = await readFile(`${file}.headers`, "utf8").catch(() => "");
  const pairs = text.split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(":");
    return colon <= 0 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const];
  });
  return Object.fromEntries(pairs);
}
