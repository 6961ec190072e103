import { constants, createServer } from "node:http2";
import type { ClientHttp2Session, Http2Stream, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { createExecutorSession } from "../support/executor-session.ts";

/**
 * Stands between Restate and an executor, and lets through an exact number of the messages of which a run
 * consists: of its execution, of its children, and of the state, the events and the callbacks that they use. What
 * comes after is held, as if the process had ended right there: so a kill can be placed between any two entries
 * of all their journals.
 *
 * The messages are those of Restate's service protocol: eight bytes of type, flags and length, then so many
 * bytes (https://github.com/restatedev/service-protocol). An attempt begins with one that names the object, which is
 * the run's workflow or its execution, and one with the input.
 */
export interface MessageGate extends AsyncDisposable {
  /** The URL under which Restate must register the executor. */
  readonly url: string;
  /** The number of forwarded messages of runs. */
  passed(): number;
  /** The runs that are held. */
  held(): ReadonlySet<number>;
  /** Holds each of these runs after the given number of messages. */
  hold(runs: readonly number[]): void;
  /** Forwards everything again. Held messages are lost, as in a crash. */
  open(): void;
}

/** Returns whether one more message of a run may pass. */
type MayPass = (run: number) => boolean;

export async function startMessageGate(executorPort: number): Promise<MessageGate> {
  const { mayPass, ...counter } = createCounter();
  const executor = createExecutorSession(executorPort);
  const server = createServer();
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const request = executor.get().request({ ...headers }, { endStream: false });
    const path = String(headers[":path"]);
    const isOfRun = path.includes("/invoke/") && !path.endsWith("/deploy");
    relay(stream, request, isOfRun ? createAttempt(mayPass) : ungated);
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
  const held = new Set<number>();
  /** The number of messages exchanged by each run that may be held. */
  let exchanged = new Map<number, number>();
  let passed = 0;
  return {
    passed: () => passed,
    held: () => held,
    hold: (runs: readonly number[]) => void (exchanged = new Map(runs.map((run) => [run, 0]))),
    open() {
      exchanged = new Map();
      held.clear();
    },
    mayPass: (run: number) => {
      const before = exchanged.get(run);
      if (before !== undefined) exchanged.set(run, before + 1);
      const isHeld = before !== undefined && before >= run;
      if (isHeld) held.add(run);
      else passed += 1;
      return !isHeld;
    },
  };
}

/** Decides on the messages of one attempt, in both directions. */
interface Attempt {
  /** Looks whose attempt it is. `false` while that is not to be seen: nothing may pass before. */
  isKnown(first: readonly Buffer[]): boolean;
  /** Whether one more message may pass. */
  mayPass(): boolean;
}

const ungated: Attempt = { isKnown: () => true, mayPass: () => true };

function createAttempt(mayPass: MayPass): Attempt {
  let isKnown = false;
  let run: number | undefined;
  return {
    isKnown(first) {
      if (!isKnown && first.length >= 2) {
        run = runIn(Buffer.concat(first.slice(0, 2)));
        isKnown = true;
      }
      return isKnown;
    },
    mayPass: () => run === undefined || mayPass(run),
  };
}

/** The name of a workflow that belongs to one run. */
export function gatedWorkflow(run: number): string {
  return `run-${run}`;
}

/** State has the name of its workflow; executions, events and callbacks have the run in their input too. */
function runIn(beginning: Buffer): number | undefined {
  const [, inName, inInput] = /\brun-(\d+)|"run":(\d+)/.exec(beginning.toString("latin1")) ?? [];
  const digits = inName ?? inInput;
  return digits === undefined ? undefined : Number(digits);
}

function relay(
  from: ServerHttp2Stream,
  to: ReturnType<ClientHttp2Session["request"]>,
  attempt: Attempt,
): void {
  to.once("response", ({ ":status": status, ...headers }) => {
    if (!from.destroyed) from.respond({ ":status": status ?? 502, ...headers });
  });
  forward(from, to, attempt);
  forward(to, from, attempt);
  from.on("error", () => to.close(constants.NGHTTP2_CANCEL));
  to.on("error", () => from.close(constants.NGHTTP2_INTERNAL_ERROR));
  from.on("aborted", () => to.close(constants.NGHTTP2_CANCEL));
  to.on("aborted", () => from.close(constants.NGHTTP2_INTERNAL_ERROR));
}

/** Forwards complete messages only. The end passes if no earlier message was held. */
function forward(from: Http2Stream, to: Http2Stream, attempt: Attempt): void {
  let incomplete: Buffer = Buffer.alloc(0);
  let isHolding = false;
  const waiting: Buffer[] = [];
  from.on("data", (chunk: Buffer) => {
    const { messages, rest } = cut(Buffer.concat([incomplete, chunk]));
    incomplete = rest;
    waiting.push(...messages);
    if (!attempt.isKnown(waiting)) return;
    for (const message of waiting.splice(0)) {
      isHolding ||= !attempt.mayPass();
      if (!isHolding && !to.destroyed) to.write(message);
    }
  });
  from.on("end", () => {
    if (!isHolding && !to.destroyed) to.end(incomplete);
  });
}

/** The complete messages, and the remaining bytes. */
function cut(bytes: Buffer): { readonly messages: readonly Buffer[]; readonly rest: Buffer } {
  const messages: Buffer[] = [];
  let rest = bytes;
  for (let size = sizeOf(rest); size !== undefined; size = sizeOf(rest)) {
    messages.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  return { messages, rest };
}

/** Of the first message, header included; `undefined` while it is not all there. */
function sizeOf(bytes: Buffer): number | undefined {
  if (bytes.length < 8) return undefined;
  const size = 8 + bytes.readUInt32BE(4);
  return bytes.length < size ? undefined : size;
}
