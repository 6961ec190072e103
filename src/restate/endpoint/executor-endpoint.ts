import type { KeyObject } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http2";
import type { Http2Server } from "node:http2";
import { Server } from "node:net";
import type { Socket } from "node:net";
import * as restate from "@restatedev/restate-sdk";
import type { Logger } from "../../base/logger.ts";
import { createAttempts } from "./attempt-connection.ts";
import type { Attempts, RequestHandler } from "./attempt-connection.ts";
import { AttemptInterrupted } from "./attempt-effects.ts";
import { trackSessions } from "./executor-sessions.ts";
import type { ExecutorSessions } from "./executor-sessions.ts";
import { createIdentityCheck } from "./request-identity.ts";

/**
 * The HTTP/2 endpoint at which Restate calls Duranium's handlers.
 *
 * It owns the server, its sessions and the attempts in flight. A request passes the check of Restate's signature first,
 * then the count of attempts, then the SDK. Disposing the endpoint cuts off the attempts in flight; a caller that wants
 * them to end first calls `drain` or `leave`.
 */
export interface Executor extends AsyncDisposable, Pick<Attempts, "drain" | "reopen"> {
  readonly port: number;
  /**
   * Drains for good. If other executors may have its address, it stops listening and has Restate open other connections
   * for further attempts.
   */
  leave(timeoutMs: number): Promise<void>;
  readonly use: () => ExecutorUse;
}

/** What Restate asks of this executor. */
export interface ExecutorUse {
  /** The attempts that began since its start. */
  readonly attempts: number;
  readonly attemptsInFlight: number;
  readonly connections: number;
}

/** Another process that listens, and passes connections to this executor. */
export interface ConnectionSource {
  /** Called once, when the executor can accept connections. */
  open(executor: ConnectionAcceptor): void;
  /** Called when `connections` of the acceptor changes. */
  changed(): void;
  /** The executor leaves. */
  close(): void;
}

export interface ConnectionAcceptor {
  accept(socket: Socket): void;
  /** Lets the requests of today's connections end on these, and has Restate open others for further requests. */
  retire(): void;
  /** Those that are not retired. */
  readonly connections: number;
}

export interface ExecutorOptions {
  readonly host: string;
  readonly port: number;
  /** With a source, the executor does not listen itself. */
  readonly source?: ConnectionSource | undefined;
  /** True if other executors may have the same address, so that new connections may reach them. */
  readonly isShared?: boolean;
  readonly services: NonNullable<restate.EndpointOptions["services"]>;
  /** The public key of the Restate server whose requests are accepted. Without a key, all requests are accepted. */
  readonly identityKey: KeyObject | undefined;
  /** Hooks that wrap each attempt and each of its effects. */
  readonly hooks?: restate.HooksProvider | undefined;
  /** Receives the SDK's warnings and errors. */
  readonly logger: Logger;
}

/** Rejects with the error of `listen`, for example `EADDRINUSE` or `EACCES`. */
export async function startExecutor(options: ExecutorOptions): Promise<Executor> {
  const handler = restate.createEndpointHandler({
    services: options.services,
    ...(options.hooks === undefined ? {} : { defaultServiceOptions: { hooks: [options.hooks] } }),
    logger: createSdkLogger(options.logger),
  });
  const attempts = createAttempts();
  const { isShared = false, source } = options;
  const server = createServer(assertIdentity(options, attempts.track(handler)));
  const sessions = trackSessions(server, { hasMaxAge: isShared, onChanged: () => source?.changed() });
  if (source === undefined) await once(server.listen(options.port, options.host), "listening");
  else source.open(acceptorOf(server, sessions));
  const address = server.address();
  const closed = new Promise<void>((resolve) => server.once("close", () => resolve()));
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    use: () => ({ ...attempts.use(), connections: sessions.count }),
    drain: async (timeoutMs) => await attempts.drain(timeoutMs),
    reopen: () => attempts.reopen(),
    async leave(timeoutMs) {
      source?.close();
      if (isShared) {
        // `server.close` would also send a GOAWAY to each connection, upon which Restate aborts its requests.
        Server.prototype.close.call(server);
        sessions.retire();
      }
      await attempts.drain(timeoutMs);
    },
    async [Symbol.asyncDispose]() {
      server.close();
      // Attempts that still run are cut off. Restate retries them on the next executor that it reaches.
      sessions.destroy();
      await closed;
    },
  };
}

function acceptorOf(server: Http2Server, sessions: ExecutorSessions): ConnectionAcceptor {
  return {
    accept: (socket) => void server.emit("connection", socket),
    retire: () => sessions.retire(),
    get connections() {
      return sessions.open;
    },
  };
}

/** Checks signatures in place of the SDK, whose WebAssembly verifies every request anew (`request-identity.ts` caches). */
function assertIdentity(
  { identityKey: key, logger }: Pick<ExecutorOptions, "identityKey" | "logger">,
  handler: RequestHandler,
): RequestHandler {
  if (key === undefined) return handler;
  const check = createIdentityCheck(key);
  return (request, response) => {
    const decide = (isSigned: boolean): void => {
      if (isSigned) return handler(request, response);
      logger.error("rejected an executor request without a valid Restate signature");
      response.writeHead(401).end();
    };
    const isSigned = check(request.url, request.headers);
    if (typeof isSigned === "boolean") decide(isSigned);
    else void isSigned.then(decide);
  };
}

const loggedLevels: ReadonlySet<string> = new Set(["warn", "error"]);

/**
 * Drops what the SDK logs during a replay and when an execution ends or is interrupted: that is part of the execution's
 * record in the API, and not a problem of the executor.
 */
function createSdkLogger(logger: Logger): restate.LoggerTransport {
  return (meta, message, ...rest) => {
    if (meta.replaying || !loggedLevels.has(meta.level)) return;
    if (isKnownWarning(message) || rest.some(isExpected)) return;
    const text = [message, ...rest].map((part) => (part instanceof Error ? part.message : String(part)));
    const { invocationTarget: target, invocationId: executionId } = meta.context ?? {};
    const where = executionId === undefined ? "" : `${target} ${executionId}: `;
    logger[levelOf(meta.level)](`${where}${onOneLine(text.join(" "))}`, {
      target,
      executionId,
    });
  };
}

function isExpected(part: unknown): boolean {
  return part instanceof restate.TerminalError || part instanceof AttemptInterrupted;
}

function levelOf(level: string): "warn" | "error" {
  return level === "warn" ? "warn" : "error";
}

function onOneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, " ");
}

/** The SDK warns that it validates no signatures. `assertIdentity` does, or the operator was warned at the start. */
function isKnownWarning(message: unknown): boolean {
  return String(message).includes("without validating request signatures");
}
