import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answers } from "./answers.ts";
import type { RecordedRequest } from "./recorded-request.ts";

/** A loopback server that simulates the services of the packages. */
export interface PackageServer extends AsyncDisposable {
  readonly origin: string;
  /** The requests since the last call. */
  takeRequests(): readonly RecordedRequest[];
}

/**
 * The first segment of a path is the name of a case, whose response is in `answers.ts`. Without an entry there, the
 * response is the request as JSON.
 */
export async function startServer(): Promise<PackageServer> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    answer(request, response, requests).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  return {
    origin: `http://127.0.0.1:${port}`,
    takeRequests: () => requests.splice(0),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  requests: RecordedRequest[],
): Promise<void> {
  const body = await textOf(request);
  const recorded = record(request, body);
  requests.push(recorded);
  const [, name = "", ...rest] = recorded.path.split(/[/?]/);
  const reply = answers[name]?.({ ...recorded, rest: rest.join("/") }) ?? { json: recorded };
  const text = reply.body ?? JSON.stringify(reply.json);
  response.writeHead(reply.status ?? 200, { "content-type": "application/json", ...reply.headers });
  response.end(request.method === "HEAD" ? undefined : text);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("latin1");
}

/** Omits values that differ between runs: boundaries of forms, signatures and their dates. */
function record({ method = "", url = "", headers }: IncomingMessage, body: string): RecordedRequest {
  const contentType = headers["content-type"] ?? "";
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  const plain = (text: string) => (boundary === undefined ? text : text.replaceAll(boundary, "BOUNDARY"));
  return {
    method,
    // Algolia's client puts its environment into this parameter, which differs between Node and the sandbox.
    path: url.replace(/[?&]x-algolia-agent=[^&]*/, ""),
    contentType: plain(contentType),
    authorization: (headers.authorization ?? "").replace(/^(AWS4|SharedKey).*/, "$1"),
    body: plain(body),
  };
}
