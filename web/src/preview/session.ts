import type {
  PreviewProgress,
  PreviewRequest,
  PreviewSession,
  PreviewSource,
  PreviewState,
} from "#preview/contract/preview.ts";
import type { Recording } from "#recordings/recording.ts";
import { changed } from "./messages.ts";
import type { Action, FromPreviewWorker } from "./messages.ts";
import type { PreviewWorker } from "./worker.ts";

/** How long a cancelled run may compute before its worker is terminated. */
const cancellationMs = 1_500;

/** The states of a session. */
export interface Started {
  readonly source: PreviewSource;
  readonly request: PreviewRequest;
}

/** A run as its client controls it, by reporting results. */
export interface Session extends PreviewSession {
  prepare(progress: Extract<PreviewProgress, { readonly phase: "preparing" }>): void;
  /** Reports that the run cannot start. */
  fail(why: string): void;
  begin(worker: PreviewWorker, what: Started): void;
  receive(message: Extract<FromPreviewWorker, { readonly run: number }>): void;
  lose(lost: PreviewWorker, why: string): void;
  /** Resolves when its worker has released the run or has ended. */
  stop(): Promise<void>;
}

/** @param number of its run; messages of the worker about other runs are ignored */
export function createSession(number: number): Session {
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

  /** For requests that cannot be rejected. The loss of the worker is reported by `progress`. */
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
    prepare(preparing) {
      if (!isOver) become(preparing);
    },
    fail(why) {
      if (!isOver) become({ phase: "lost", why });
    },
    begin(given, { source, request: asked }) {
      worker = given;
      if (!isOver) worker.post({ kind: "run", run: number, source, request: asked });
    },
    receive(message) {
      if (message.run !== number || isOver) return;
      if (message.kind === "progress") return become(message.progress);
      const before = progress.phase === "started" ? progress.state : undefined;
      become({ phase: "started", state: changed(before, message.change) });
    },
    lose(lost, why) {
      if (isOver || worker !== lost) return;
      const cancelled =
        isCancelled && progress.phase === "started" ? cancelledState(progress.state) : undefined;
      become(cancelled === undefined ? { phase: "lost", why } : { phase: "started", state: cancelled });
    },
    setClock: (mode) => request({ kind: "set-clock", mode }),
    advance: (milliseconds) => request({ kind: "advance", milliseconds }),
    advanceToNext: () => request({ kind: "advance-to-next" }),
    sendEvent: async (name, payload) => await act({ kind: "send-event", name, payload }),
    completeCallback: async (callback, payload) =>
      await act({ kind: "complete-callback", callback, payload }),
    answer: (step, answer) => request({ kind: "answer", step, answer }),
    recording: async () => await readRecording(worker, number),
    cancel() {
      isCancelled = true;
      if (progress.phase === "started") return request({ kind: "cancel" }, cancellationMs);
      request({ kind: "dispose" }, cancellationMs);
      become({ phase: "lost", why: "The preview was cancelled before it started" });
    },
    stop,
    [Symbol.dispose]: () => void stop(),
  };
}

/** The worker keeps a run until the next one starts. */
async function readRecording(worker: PreviewWorker | undefined, run: number): Promise<Recording> {
  if (worker === undefined) throw new Error("The preview has not started");
  return (await worker.ask({ kind: "record", run })) as unknown as Recording;
}

function hasEnded(progress: PreviewProgress): boolean {
  return progress.phase === "started" && ["completed", "failed", "cancelled"].includes(progress.state.status);
}

function cancelledState(state: PreviewState): PreviewState {
  const message = "The execution was terminated while it was computing, so it could not clean up";
  const { nextWakeAt: _none, ...rest } = state;
  return {
    ...rest,
    status: "cancelled",
    failure: { name: "CancelledError", message, code: "cancelled" },
    waitingFor: [],
    pendingRequests: [],
  };
}
