import type { JsonValue } from "../../../src/domain/json.ts";
import type {
  PreviewClient,
  PreviewProgress,
  PreviewRequest,
  PreviewSession,
  PreviewSource,
  PreviewState,
} from "../../../src/preview/preview.ts";
import { changed } from "./messages.ts";
import type { Action, FromPreviewWorker, ToPreviewWorker } from "./messages.ts";

/** How long the worker may be busy with one thing: as long as a turn of an execution. */
const patienceMs = 60_000;

/** How long a run that is cancelled may take to see it, where it computes without end. */
const cancellationMs = 1_500;

/**
 * Previews in a worker. It is begun with the first run, and only then loads anything; where it does not answer in time,
 * it is ended, and the next run begins another.
 */
export function createPreviewClient(): PreviewClient {
  let worker: PreviewWorker | undefined;
  let current: Session | undefined;
  let runs = 0;

  function lose(lost: PreviewWorker, why: string): void {
    if (worker === lost) worker = undefined;
    current?.lose(lost, why);
  }

  function take(): PreviewWorker {
    worker ??= startWorker({
      onMessage: (message) => {
        if ("run" in message) current?.receive(message);
      },
      onLost: lose,
    });
    return worker;
  }

  async function ask(message: StateQuestion): Promise<Readonly<Record<string, JsonValue>>> {
    // What nothing has run in has no state.
    return worker === undefined ? {} : await worker.ask(message);
  }

  /** A worker that does not let go of the run before is ended, and this one begins in another. */
  async function begin(session: Session, before: Session | undefined, what: Begun): Promise<void> {
    await before?.stop();
    if (current === session) session.begin(take(), what);
  }

  return {
    run(source, request) {
      const before = current;
      runs += 1;
      const session = createSession(runs);
      current = session;
      void begin(session, before, { source, request });
      return session;
    },
    state: async (workflowId) => await ask({ kind: "read-state", workflowId }),
    clearState: async (workflowId) => void (await ask({ kind: "clear-state", workflowId })),
    [Symbol.dispose]() {
      current?.[Symbol.dispose]();
      current = undefined;
      worker?.end("The preview was closed");
    },
  };
}

type StateQuestion = {
  readonly kind: "read-state" | "clear-state";
  readonly workflowId: string;
};

type Asking = DistributiveOmit<Exclude<ToPreviewWorker, { kind: "run" }>, "call">;
type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;

interface PreviewWorker {
  post(message: ToPreviewWorker): void;
  /** Rejects with a sentence. Whoever is not answered in `withinMs` ends the worker. */
  ask(message: Asking, withinMs?: number): Promise<Readonly<Record<string, JsonValue>>>;
  end(why: string): void;
}

interface WorkerListener {
  readonly onMessage: (message: FromPreviewWorker) => void;
  readonly onLost: (worker: PreviewWorker, why: string) => void;
}

function startWorker({ onMessage, onLost }: WorkerListener): PreviewWorker {
  const thread = new Worker(new URL("./preview-worker.ts", import.meta.url), {
    type: "module",
    name: "preview",
  });
  const asked = new Map<number, PromiseWithResolvers<Readonly<Record<string, JsonValue>>>>();
  let calls = 0;

  const worker: PreviewWorker = {
    post: (message) => thread.postMessage(message, []),
    async ask(message, withinMs = patienceMs) {
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
    worker.end(`The preview's worker failed${message === "" ? "" : `: ${message}`}`),
  );
  return worker;
}

function tookTooLong(withinMs: number): string {
  return `The preview was ended, because it had computed for ${withinMs / 1_000} s without a pause`;
}

interface Begun {
  readonly source: PreviewSource;
  readonly request: PreviewRequest;
}

interface Session extends PreviewSession {
  begin(worker: PreviewWorker, what: Begun): void;
  receive(message: Extract<FromPreviewWorker, { readonly run: number }>): void;
  lose(lost: PreviewWorker, why: string): void;
  /** Resolves when its worker has let go of it, or is no more. */
  stop(): Promise<void>;
}

function createSession(number: number): Session {
  const listeners = new Set<() => void>();
  let worker: PreviewWorker | undefined;
  let progress: PreviewProgress = { phase: "preparing", doing: "loading the engine" };
  let isOver = false;
  let isCancelled = false;

  function become(next: PreviewProgress): void {
    progress = next;
    isOver ||= next.phase === "refused" || next.phase === "lost" || hasEnded(next);
    for (const listener of listeners) listener();
  }

  async function act(action: Action, withinMs?: number): Promise<void> {
    if (!isOver) await worker?.ask({ kind: "act", run: number, action }, withinMs);
  }

  /** For what cannot be refused: that the worker was lost is told by `progress`. */
  function request(action: Action, withinMs?: number): void {
    act(action, withinMs).catch(() => {});
  }

  async function stop(): Promise<void> {
    if (isOver) return;
    const letGo = act({ kind: "dispose" }, cancellationMs);
    listeners.clear();
    isOver = true;
    await letGo.catch(() => {});
  }

  return {
    get progress() {
      return progress;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    begin(given, { source, request: asked }) {
      worker = given;
      if (!isOver) worker.post({ kind: "run", run: number, source, request: asked });
    },
    receive(message) {
      if (message.run !== number || isOver) return;
      if (message.kind === "progress") return become(message.progress);
      const before = progress.phase === "begun" ? progress.state : undefined;
      become({ phase: "begun", state: changed(before, message.change) });
    },
    lose(lost, why) {
      if (isOver || worker !== lost) return;
      const cancelled =
        isCancelled && progress.phase === "begun" ? cancelledState(progress.state) : undefined;
      become(cancelled === undefined ? { phase: "lost", why } : { phase: "begun", state: cancelled });
    },
    setClock: (mode) => request({ kind: "set-clock", mode }),
    advance: (milliseconds) => request({ kind: "advance", milliseconds }),
    advanceToNext: () => request({ kind: "advance-to-next" }),
    sendEvent: async (name, payload) => await act({ kind: "send-event", name, payload }),
    completeCallback: async (callback, payload) =>
      await act({ kind: "complete-callback", callback, payload }),
    answer: (step, answer) => request({ kind: "answer", step, answer }),
    cancel() {
      isCancelled = true;
      if (progress.phase === "begun") return request({ kind: "cancel" }, cancellationMs);
      request({ kind: "dispose" }, cancellationMs);
      become({ phase: "lost", why: "The preview was cancelled before it began" });
    },
    stop,
    [Symbol.dispose]: () => void stop(),
  };
}

function hasEnded(progress: PreviewProgress): boolean {
  return progress.phase === "begun" && ["completed", "failed", "cancelled"].includes(progress.state.status);
}

function cancelledState(state: PreviewState): PreviewState {
  const message = "The execution was ended while it computed, so nothing of it was cleaned up";
  const { nextWakeAt: _none, ...rest } = state;
  return {
    ...rest,
    status: "cancelled",
    failure: { name: "CancelledError", message, code: "cancelled" },
    waitingFor: [],
    questions: [],
  };
}
