import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answers } from "./answers.ts";
import type { RecordedRequest } from "./recorded-request.ts";

/** A server on loopback that plays the services which the packages are for. */
export interface PackageServer extends AsyncDisposable {
  readonly origin: string;
  /** Those since the last call. */
  takeRequests(): readonly RecordedRequest[];
}

/**
 * The first part of a path is the name of a case, whose answer is in `answers.ts`. Where there is none, the answer is what
 * was asked, as JSON.
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

/** Without what differs from one run to the next: boundaries of forms, signatures and their dates. */
function record({ method = "", url = "", headers }: IncomingMessage, body: string): RecordedRequest {
  const contentType = headers["content-type"] ?? "";
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  const plain = (text: string) => (boundary === undefined ? text : text.replaceAll(boundary, "BOUNDARY"));
  return {
    method,
    // A client that names its environment there names another one.
    path: url.replace(/[?&]x-algolia-agent=[^&]*/, ""),
    contentType: plain(contentType),
    authorization: (headers.authorization ?? "").replace(/^(AWS4|SharedKey).*/, "$1"),
    body: plain(body),
  };
}
