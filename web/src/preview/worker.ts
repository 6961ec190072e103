import type { JsonValue } from "#base/json.ts";
import type { FromPreviewWorker, ToPreviewWorker } from "./messages.ts";

type Asking = DistributiveOmit<Extract<ToPreviewWorker, { call: number }>, "call">;
type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;

/** The web UI's handle of the worker. */
export interface PreviewWorker {
  post(message: ToPreviewWorker): void;
  /** Rejects with a sentence. Terminates the worker if it does not respond within `withinMs`. */
  ask(message: Asking, withinMs?: number): Promise<Readonly<Record<string, JsonValue>>>;
  end(why: string): void;
}

export interface WorkerListener {
  readonly onMessage: (message: FromPreviewWorker) => void;
  readonly onLost: (worker: PreviewWorker, why: string) => void;
}

/** Starts a worker. */
export function startWorker({ onMessage, onLost }: WorkerListener): PreviewWorker {
  const thread = new Worker(new URL("./preview-worker.ts", import.meta.url), {
    type: "module",
    name: "preview",
  });
  const asked = new Map<number, PromiseWithResolvers<Readonly<Record<string, JsonValue>>>>();
  let calls = 0;

  const worker: PreviewWorker = {
    post: (message) => thread.postMessage(message, []),
    async ask(message, withinMs = answerTimeoutMs) {
      calls += 1;
      const call = calls;
      const answered = Promise.withResolvers<Readonly<Record<string, JsonValue>>>();
      asked.set(call, answered);
      thread.postMessage({ ...message, call } satisfies ToPreviewWorker, []);
      const timer = setTimeout(() => worker.end(tookTooLong(withinMs)), withinMs);
      return await answered.promise.finally(() => clearTimeout(timer));
    },
    end(why) {
      thread.terminate();
      for (const { reject } of asked.values()) reject(new Error(why));
      asked.clear();
      onLost(worker, why);
    },
  };
  thread.addEventListener("message", ({ data }: MessageEvent<FromPreviewWorker>) => {
    if (data.kind === "done") asked.get(data.call)?.resolve(data.value ?? {});
    else if (data.kind === "refused") asked.get(data.call)?.reject(new Error(data.why));
    else return onMessage(data);
    asked.delete(data.call);
  });
  thread.addEventListener("error", ({ message }) =>
    worker.end(`The preview worker failed${message === "" ? "" : `: ${message}`}`),
  );
  return worker;
}

/** How long the worker may take for one message: as long as a turn of an execution. */
const answerTimeoutMs = 60_000;

function tookTooLong(withinMs: number): string {
  return `The preview was stopped after computing for ${withinMs / 1_000} s without a pause`;
}
