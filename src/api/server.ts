import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { DuraniumError, type ErrorCode, messageOf } from "../domain/errors.ts";
import type { Api } from "./app.ts";
import {
  apiCloseTimeoutMs,
  keepAliveTimeoutMs,
  requestHeadersTimeoutMs,
  requestTimeoutMs,
} from "./contract/limits.ts";
import { problemBody, problemMediaType, problemResponse } from "./http/problem.ts";

export interface ServerTimeouts {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly keepAliveMs: number;
  readonly closeMs: number;
}

export interface ApiServer extends AsyncDisposable {
  /** The URL that the server listens on, with the assigned port. */
  readonly url: string;
  /** Stops accepting requests, waits for those in flight up to a limit, and drops the rest. */
  close(): Promise<void>;
}

/**
 * Serves the API over HTTP/1.1. Port 0 selects a free one.
 *
 * Rejects with Node's own error if it cannot listen; its `code` has the reason (`EADDRINUSE`, `EACCES`…).
 */
export async function startApi(options: {
  readonly app: Api;
  readonly host: string;
  readonly port: number;
  readonly timeouts?: Partial<ServerTimeouts>;
}): Promise<ApiServer> {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const server = createApiServer(options.app, timeouts);
  await listen(server, options.host, options.port);
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= closeServer(server, timeouts.closeMs));
  return { url: urlOf(server, options.host), close, [Symbol.asyncDispose]: close };
}

const defaultTimeouts: ServerTimeouts = {
  headersMs: requestHeadersTimeoutMs,
  requestMs: requestTimeoutMs,
  keepAliveMs: keepAliveTimeoutMs,
  closeMs: apiCloseTimeoutMs,
};

/**
 * The timeouts limit how long a request may take to arrive, so that slow senders cannot occupy connections. They do not
 * limit the response: a caller may wait for an execution much longer.
 */
function createApiServer(app: Api, timeouts: ServerTimeouts): Server {
  const server = createServer({
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    // Node would reject a missing host without a body; the listener rejects it with a problem document.
    requireHostHeader: false,
    connectionsCheckingInterval: Math.min(timeouts.headersMs, timeouts.requestMs) / 4,
  });
  // Other parts of the process use fetch, so its globals must remain Node's own.
  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    errorHandler: rejectRequest,
  });
  const answers = new WeakMap<Duplex, ServerResponse>();
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    answers.set(incoming.socket, outgoing);
    void listener(incoming, outgoing);
  };
  server.on("request", answer);
  // An expectation other than 100-continue may be ignored (RFC 9110, section 10.1.1).
  server.on("checkExpectation", answer);
  server.on("clientError", (error, socket) => rejectConnection(error, socket, answers.get(socket)));
  return server;
}

/** Rejects valid HTTP that cannot become a request: a missing host, or an invalid URL. */
function rejectRequest(error: unknown): Response {
  return problemResponse(
    new DuraniumError("malformed-http", `Cannot read the request: ${messageOf(error)}`, { cause: error }),
  );
}

/** Rejects what the parser cannot read, or what did not arrive in time. A response object may not exist. */
function rejectConnection(error: NodeJS.ErrnoException, socket: Duplex, last?: ServerResponse): void {
  if (!socket.writable || error.code === "ECONNRESET" || !isAnswerDue(last)) socket.destroy();
  else socket.end(rawAnswer(connectionError(error)), () => socket.destroy());
}

/**
 * True if a response written now would be read as the response to the rejected input. The input may be the rest of the
 * last request, which must not be answered twice, or a following request, which must wait for its turn.
 */
function isAnswerDue(last: ServerResponse | undefined): boolean {
  if (last === undefined) return true;
  return last.req.complete ? last.writableFinished : !last.headersSent;
}

function connectionError(error: NodeJS.ErrnoException): DuraniumError {
  const [code, reason] = connectionErrors[error.code ?? ""] ?? ["malformed-http", messageOf(error)];
  return new DuraniumError(code, `Cannot read the request: ${reason}`, { cause: error });
}

const connectionErrors: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ["request-timeout", "it did not arrive in time"],
  HPE_HEADER_OVERFLOW: ["headers-too-large", "its headers are larger than 16 KiB"],
};

function rawAnswer(error: DuraniumError): string {
  const body = JSON.stringify(problemBody(error));
  return [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ""}`,
    `content-type: ${problemMediaType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
    "",
    body,
  ].join("\r\n");
}

function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen({ host, port }, () => {
    server.off("error", reject);
    resolve();
  });
  return promise;
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  if (host === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (host === "::") return `http://[::1]:${port}`;
  return isIPv6(host) ? `http://[${host}]:${port}` : `http://${host}:${port}`;
}

function closeServer(server: Server, closeMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => server.closeAllConnections(), closeMs);
  // A connection would otherwise stay open for another request after its last response.
  server.prependListener("request", (_incoming, outgoing) => outgoing.setHeader("connection", "close"));
  const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
  server.close(() => {
    clearTimeout(timer);
    clearInterval(idle);
    resolve();
  });
  return promise;
}

const idleCheckMs = 50;
