import { connect, createServer } from "node:http2";
import type { ClientHttp2Session, Http2Server, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";

/** A proxy between Restate and several executors that sends each call to one of them. */
export interface ExecutorRouter extends AsyncDisposable {
  readonly url: string;
  /** Stops listening, so that connections are refused. */
  close(): Promise<void>;
  /** Listens again on the same port. */
  open(): Promise<void>;
}

/**
 * @param portOf returns the port of the executor for a call with the given path, such as `/invoke/Workflow/execute`
 */
export async function startExecutorRouter(portOf: (path: string) => number): Promise<ExecutorRouter> {
  const executors = new Map<number, ClientHttp2Session>();
  const sessions = new Set<ServerHttp2Session>();
  let server = createRouter();
  function createRouter(): Http2Server {
    const router = createServer();
    router.on("session", (session) => sessions.add(session));
    router.on("sessionError", () => {});
    router.on("stream", (stream: ServerHttp2Stream, headers) => {
      const request = executorAt(portOf(String(headers[":path"]))).request({ ...headers });
      request.once("response", ({ ":status": status, ...answer }) => {
        if (!stream.destroyed) stream.respond({ ":status": status ?? 502, ...answer });
      });
      stream.on("error", () => request.destroy());
      request.on("error", () => stream.destroy());
      stream.on("aborted", () => request.destroy());
      request.on("aborted", () => stream.destroy());
      stream.pipe(request);
      request.pipe(stream);
    });
    return router;
  }
  function executorAt(port: number): ClientHttp2Session {
    const known = executors.get(port);
    if (known !== undefined && !known.destroyed && !known.closed) return known;
    const session = connect(`http://127.0.0.1:${port}`);
    session.on("error", () => {});
    executors.set(port, session);
    return session;
  }
  async function close(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const session of sessions) session.destroy();
    sessions.clear();
    await closed;
  }
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close,
    async open() {
      server = createRouter();
      await listen(server, port);
    },
    async [Symbol.asyncDispose]() {
      for (const session of executors.values()) session.destroy();
      await close();
    },
  };
}

async function listen(server: Http2Server, port: number): Promise<void> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
}
