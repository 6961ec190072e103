import { connect, constants, createServer } from "node:http2";
import type { ClientHttp2Session, Http2Stream, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";

/**
 * Stands between Restate and an executor, and lets through an exact number of the messages of which an
 * execution consists. What comes after is held, as if the process had ended right there: so a kill can be
 * placed between any two entries of a journal.
 *
 * The messages are those of Restate's service protocol: eight bytes of type, flags and length, then so many
 * bytes (https://github.com/restatedev/service-protocol). The first names the invocation.
 */
export interface MessageGate extends AsyncDisposable {
  /** Where Restate is to find the executor. */
  readonly url: string;
  /** How many messages of executions have passed. */
  passed(): number;
  /** How many executions are held. */
  held(): number;
  /** From now on the first execution that comes is held after `first` messages, the next after one more… */
  holdEach(first: number): void;
  /** Lets everything through again. What was held is lost, as it is in a crash. */
  open(): void;
}

/** Decides on each message of an attempt whether it may pass. */
type Passes = (message: Buffer) => boolean;

export async function startMessageGate(executorPort: number): Promise<MessageGate> {
  const counter = createCounter();
  const executor = createExecutorSession(executorPort);
  const server = createServer();
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const isExecution = String(headers[":path"]).endsWith("/execute");
    const request = executor.get().request({ ...headers }, { endStream: false });
    relay(stream, request, isExecution ? counter.attempt() : () => true);
  });
  server.on("sessionError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...counter,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      executor.get().destroy();
      server.close();
    },
  };
}

function createCounter() {
  /** How many messages each execution may still exchange. */
  let left = new Map<string, number>();
  let nextLimit = Number.POSITIVE_INFINITY;
  let passed = 0;
  let held = 0;
  return {
    passed: () => passed,
    held: () => held,
    holdEach: (first: number) => void (nextLimit = first),
    open() {
      left = new Map();
      nextLimit = Number.POSITIVE_INFINITY;
      held = 0;
    },
    attempt(): Passes {
      let id: string | undefined;
      return (message) => {
        id ??= /inv_\w+/.exec(message.toString("latin1"))?.[0] ?? "";
        const mayPass = left.get(id) ?? nextLimit++;
        left.set(id, mayPass - 1);
        if (mayPass === 0) held += 1;
        if (mayPass > 0) passed += 1;
        return mayPass > 0;
      };
    },
  };
}

/** One connection to the executor, and another when that has ended. */
function createExecutorSession(port: number): { get(): ClientHttp2Session } {
  let session: ClientHttp2Session | undefined;
  return {
    get() {
      if (session === undefined || session.destroyed || session.closed) {
        session = connect(`http://127.0.0.1:${port}`);
        session.on("error", () => {});
      }
      return session;
    },
  };
}

function relay(from: ServerHttp2Stream, to: ReturnType<ClientHttp2Session["request"]>, passes: Passes): void {
  to.once("response", ({ ":status": status, ...headers }) => {
    if (!from.destroyed) from.respond({ ":status": status ?? 502, ...headers });
  });
  forward(from, to, passes);
  forward(to, from, passes);
  from.on("error", () => to.close(constants.NGHTTP2_CANCEL));
  to.on("error", () => from.close(constants.NGHTTP2_INTERNAL_ERROR));
  from.on("aborted", () => to.close(constants.NGHTTP2_CANCEL));
  to.on("aborted", () => from.close(constants.NGHTTP2_INTERNAL_ERROR));
}

/** Whole messages only, each if it may pass. The end passes if nothing before it was held. */
function forward(from: Http2Stream, to: Http2Stream, passes: Passes): void {
  let buffered = Buffer.alloc(0);
  let isHolding = false;
  from.on("data", (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (let size = sizeOf(buffered); size !== undefined; size = sizeOf(buffered)) {
      const message = buffered.subarray(0, size);
      isHolding ||= !passes(message);
      if (!isHolding && !to.destroyed) to.write(message);
      buffered = buffered.subarray(size);
    }
  });
  from.on("end", () => {
    if (!isHolding && !to.destroyed) to.end(buffered);
  });
}

/** Of the first message, header included; `undefined` while it is not all there. */
function sizeOf(bytes: Buffer): number | undefined {
  if (bytes.length < 8) return undefined;
  const size = 8 + bytes.readUInt32BE(4);
  return bytes.length < size ? undefined : size;
}
