import type { KeyObject } from "node:crypto";
import { createServer } from "node:http2";
import type { Http2Server, ServerHttp2Session } from "node:http2";
import * as restate from "@restatedev/restate-sdk";
import type { Logger } from "../../base/logger.ts";
import { createAttempts } from "./attempt-connection.ts";
import type { Attempts, RequestHandler } from "./attempt-connection.ts";
import { AttemptInterrupted } from "./attempt-effects.ts";
import { createIdentityCheck } from "./request-identity.ts";

/** The HTTP/2 endpoint at which Restate calls our handlers. */
export interface Executor extends AsyncDisposable, Pick<Attempts, "drain" | "reopen"> {
  readonly port: number;
}

export interface ExecutorOptions {
  readonly host: string;
  readonly port: number;
  readonly services: NonNullable<restate.EndpointOptions["services"]>;
  /** Of the Restate server whose requests are taken. Without it, those of anybody. */
  readonly identityKey: KeyObject | undefined;
  /** What stands around each attempt, and each effect in it. */
  readonly hooks?: restate.HooksProvider | undefined;
  /** Where the SDK's warnings and errors go. */
  readonly logger: Logger;
}

/** Rejects as `listen` does: `EADDRINUSE`, `EACCES`… */
export async function startExecutor(options: ExecutorOptions): Promise<Executor> {
  const handler = restate.createEndpointHandler({
    services: options.services,
    ...(options.hooks === undefined ? {} : { defaultServiceOptions: { hooks: [options.hooks] } }),
    logger: createSdkLogger(options.logger),
  });
  const attempts = createAttempts();
  const server = createServer(assertIdentity(options, attempts.track(handler)));
  const sessions = trackSessions(server);
  await listening(server, options);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    drain: async (timeoutMs) => await attempts.drain(timeoutMs),
    reopen: () => attempts.reopen(),
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // What still runs is cut off: Restate makes the attempt again on the next executor that it finds.
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

/** The SDK can do this too, in a third of a millisecond of its WebAssembly for each request. */
function assertIdentity(
  { identityKey: key, logger }: Pick<ExecutorOptions, "identityKey" | "logger">,
  handler: RequestHandler,
): RequestHandler {
  if (key === undefined) return handler;
  const check = createIdentityCheck(key);
  return (request, response) => {
    const decide = (isOurs: boolean): void => {
      if (isOurs) return handler(request, response);
      logger.error("refused a request to the executor that its Restate server did not sign");
      response.writeHead(401).end();
    };
    const isOurs = check(request.url, request.headers);
    if (typeof isOurs === "boolean") decide(isOurs);
    else void isOurs.then(decide);
  };
}

function trackSessions(server: Http2Server): Set<ServerHttp2Session> {
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  return sessions;
}

async function listening(server: Http2Server, { host, port }: ExecutorOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

const loggedLevels: ReadonlySet<string> = new Set(["warn", "error"]);

/** What replays, and how executions end, is no news: Restate keeps it, and so does the API. */
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

/** Signatures are validated before the SDK sees a request, or the operator was told at the start that they are not. */
function isKnownWarning(message: unknown): boolean {
  return String(message).includes("without validating request signatures");
}
