import { constants, createServer } from "node:http2";
import type { ClientHttp2Stream, Http2Stream, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { createExecutorSession } from "./executor-session.ts";
import { splitMessages } from "./message-frames.ts";

/**
 * A proxy between Restate and an executor that decides for each complete message of their protocol whether it
 * passes.
 */
export interface MessageProxy extends AsyncDisposable {
  /** The URL under which Restate must register the executor. */
  readonly url: string;
}

/** The treatment of a message. After a message that does not pass, no later one in its direction does. */
export type Passage =
  | "pass"
  /** Simulates a process that has ended at this point without its peer noticing yet. */
  | "hold"
  /** Simulates a process that has ended: earlier messages arrive, and both connections are closed. */
  | "cut";

/** One attempt of an invocation, which is one request and its response. */
export interface Attempt {
  fromRestate(message: Buffer): Passage;
  fromExecutor(message: Buffer): Passage;
}

/** @param startExecution is called for each request. Without an attempt, all messages pass */
export async function startMessageProxy(
  executorPort: number,
  startExecution: (headers: IncomingHttpHeaders) => Attempt | undefined,
): Promise<MessageProxy> {
  const executor = createExecutorSession(executorPort);
  const server = createServer();
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const request = executor.get().request({ ...headers }, { endStream: false });
    relay(stream, request, startExecution(headers));
  });
  server.on("sessionError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      executor.get().destroy();
      server.close();
    },
  };
}

function relay(from: ServerHttp2Stream, to: ClientHttp2Stream, attempt: Attempt | undefined): void {
  to.once("response", ({ ":status": status, ...headers }) => {
    if (!from.destroyed) from.respond({ ":status": status ?? 502, ...headers });
  });
  const cut = () => {
    if (!from.destroyed) from.end();
    to.close(constants.NGHTTP2_CANCEL);
  };
  forward(from, to, { passage: (message) => attempt?.fromRestate(message) ?? "pass", cut });
  forward(to, from, { passage: (message) => attempt?.fromExecutor(message) ?? "pass", cut });
  from.on("error", () => to.close(constants.NGHTTP2_CANCEL));
  to.on("error", () => from.close(constants.NGHTTP2_INTERNAL_ERROR));
  from.on("aborted", () => to.close(constants.NGHTTP2_CANCEL));
  to.on("aborted", () => from.close(constants.NGHTTP2_INTERNAL_ERROR));
}

interface Customs {
  readonly passage: (message: Buffer) => Passage;
  readonly cut: () => void;
}

/** Forwards complete messages only. The end passes if all earlier messages have passed. */
function forward(from: Http2Stream, to: Http2Stream, { passage, cut }: Customs): void {
  let buffered: Buffer = Buffer.alloc(0);
  let last: Passage = "pass";
  from.on("data", (chunk: Buffer) => {
    const { whole, rest } = splitMessages(Buffer.concat([buffered, chunk]));
    buffered = rest;
    for (const message of whole) {
      if (last === "pass") last = passage(message);
      if (last === "pass" && !to.destroyed) to.write(message);
    }
    if (last === "cut") cut();
  });
  from.on("end", () => {
    if (last === "pass" && !to.destroyed) to.end(buffered);
  });
}
