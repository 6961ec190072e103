import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { MetricJson } from "../../telemetry/metrics.ts";

/**
 * Requests of the process that starts executor processes to one of these, over the channel that Node opens between the
 * two. Each has one argument and one answer, which are JSON.
 */
export interface ExecutorProcessRequests {
  drain(timeoutMs: number): Promise<void>;
  reopen(): Promise<void>;
  leave(timeoutMs: number): Promise<void>;
  metrics(): Promise<readonly MetricJson[]>;
}

/** One end of a channel: `process`, or a worker of `node:cluster`. */
export interface ChannelEnd extends Pick<EventEmitter, "on"> {
  send?(message: Message): unknown;
  /** Also passes a socket on, which belongs to the other end from then on. */
  send?(message: Message, socket: Socket, options?: undefined, sent?: (error: Error | null) => void): unknown;
}

export type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "stop" }
  | ConnectionMessage
  | { readonly kind: "request"; readonly id: number; readonly name: string; readonly argument: unknown }
  | { readonly kind: "answer"; readonly id: number; readonly value?: unknown; readonly error?: string };

/** How connections are shared (`connection-sharing.ts`). */
export type ConnectionMessage =
  | { readonly kind: "connection" }
  | { readonly kind: "retire" }
  | ({ readonly kind: "connections" } & ConnectionReport);

/** What an executor process says of its connections. */
export interface ConnectionReport {
  /** False if the process leaves. */
  readonly isAccepting: boolean;
  /** Connections that were passed to it since its start. */
  readonly received: number;
  /** Those of them that accept further requests. */
  readonly open: number;
}

/** Answers the requests of the other end. Rejections reach it as errors with the same message. */
export function answerRequests(channel: ChannelEnd, requests: ExecutorProcessRequests): void {
  const handlers = requests as unknown as Readonly<Record<string, (argument: unknown) => Promise<unknown>>>;
  const answer = async (name: string, argument: unknown) => {
    try {
      return { value: await handlers[name]?.(argument) };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  };
  channel.on("message", (message: Message) => {
    const { kind } = message;
    if (kind !== "request") return;
    const { id, name, argument } = message;
    void answer(name, argument).then((result) => channel.send?.({ kind: "answer", id, ...result }));
  });
  channel.send?.({ kind: "ready" });
}

/** Resolves when the other end asks this process to exit. */
export async function stopRequested(channel: ChannelEnd): Promise<void> {
  await new Promise<void>((resolve) => {
    channel.on("message", ({ kind }: Message) => {
      if (kind === "stop") resolve();
    });
  });
}

/** The other end of `answerRequests`. */
export interface RequestChannel {
  /** Resolves when the other end answers requests. */
  readonly ready: Promise<void>;
  readonly requests: ExecutorProcessRequests;
  /** Asks the other end to exit. */
  stop(): void;
  /** Rejects the requests without an answer: the other end has exited. */
  close(): void;
}

export function openRequestChannel(channel: ChannelEnd): RequestChannel {
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  const { promise: ready, resolve: becameReady } = Promise.withResolvers<void>();
  let isClosed = false;
  let last = 0;

  channel.on("message", (message: Message) => {
    if (message.kind === "ready") becameReady();
    if (message.kind !== "answer") return;
    const { id, value, error } = message;
    const request = open.get(id);
    open.delete(id);
    if (error === undefined) request?.resolve(value);
    else request?.reject(new Error(error));
  });

  async function request<T>(name: keyof ExecutorProcessRequests, argument: unknown = null): Promise<T> {
    if (isClosed) throw exited();
    const id = (last += 1);
    const answer = Promise.withResolvers<unknown>();
    open.set(id, answer);
    channel.send?.({ kind: "request", id, name, argument });
    return (await answer.promise) as T;
  }

  return {
    ready,
    requests: {
      drain: async (timeoutMs) => await request("drain", timeoutMs),
      reopen: async () => await request("reopen"),
      leave: async (timeoutMs) => await request("leave", timeoutMs),
      metrics: async () => await request("metrics"),
    },
    stop: () => void (isClosed || channel.send?.({ kind: "stop" })),
    close() {
      isClosed = true;
      for (const { reject } of open.values()) reject(exited());
      open.clear();
    },
  };
}

function exited(): Error {
  return new Error("The executor process has exited");
}
