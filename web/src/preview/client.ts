import type { JsonValue } from "#base/json.ts";
import { type EngineLanguage, languageOf } from "#domain/engines/language.ts";
import type { PreviewClient, PreviewSource, ReplayedRecording } from "#preview/contract/preview.ts";
import { createExperimentClient, type StartedExperiment } from "./experiment-client.ts";
import { createModuleLoader } from "./load-modules.ts";
import type { ExperimentReply, Modules } from "./messages.ts";
import { createSession } from "./session.ts";
import type { Started, Session } from "./session.ts";
import { startWorker } from "./worker.ts";
import type { PreviewWorker } from "./worker.ts";

/**
 * Previews in a worker, which starts and loads its modules with the first run. A worker that does not respond in time is terminated, and the next run starts another one.
 */
export function createPreviewClient(): BrowserPreviewClient {
  const load = createModuleLoader((loading) => current?.prepare(loading));
  let worker: PreviewWorker | undefined;
  /** The language of the worker's engine. */
  let workerLanguage: EngineLanguage | undefined;
  let current: Session | undefined;
  let runs = 0;

  /** A worker has one engine, so a workflow in another language needs another worker. */
  async function openWorker(source: PreviewSource): Promise<PreviewWorker> {
    const language = engineLanguageOf(source);
    const loaded = await load(language);
    if (worker !== undefined && workerLanguage !== language)
      worker.end("A workflow in another language was started");
    workerLanguage = language;
    return (worker ??= startWith(loaded));
  }

  function startWith(loaded: Modules): PreviewWorker {
    const started = startWorker({
      onMessage: (message) => {
        if ("run" in message) current?.receive(message);
        else if ("experiment" in message) experiments.receive(message);
      },
      onLost: (lost, why) => {
        if (worker === lost) worker = undefined;
        current?.lose(lost, why);
        experiments.fail(why);
      },
    });
    started.post({ kind: "prepare", modules: loaded });
    return started;
  }

  /** A worker that does not end the previous run is terminated, and this run starts in a new one. */
  async function begin(session: Session, before: Session | undefined, what: Started): Promise<void> {
    await before?.stop();
    try {
      await load(engineLanguageOf(what.source));
      if (current === session) session.begin(await openWorker(what.source), what);
    } catch (error) {
      session.fail(error instanceof Error ? error.message : String(error));
    }
  }

  const experiments = createExperimentClient(openWorker);

  async function ask(message: StateQuestion): Promise<Readonly<Record<string, JsonValue>>> {
    // Without a worker there is no state.
    return worker === undefined ? {} : await worker.ask(message);
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
    experiment: (what, onReply) => experiments.start(what, onReply),
    stopExperiment: () => worker?.post({ kind: "stop-experiment" }),
    state: async (workflowId) => await ask({ kind: "read-state", workflowId }),
    async replay(source, recordings) {
      const { items } = await (await openWorker(source)).ask({ kind: "replay", source, recordings });
      return items as unknown as readonly ReplayedRecording[];
    },
    clearState: async (workflowId) => void (await ask({ kind: "clear-state", workflowId })),
    [Symbol.dispose]() {
      current?.[Symbol.dispose]();
      current = undefined;
      worker?.end("The preview was closed");
    },
  };
}

/** The language of the engine that runs a source. @throws with a sentence if a browser has none */
function engineLanguageOf(source: PreviewSource): EngineLanguage {
  const language = languageOf(source);
  if (language === "wasm")
    throw new Error("Workflows in WebAssembly cannot be previewed here: use `npx duranium dev`");
  return language;
}

/** Previews, and experiments on their runs. */
export interface BrowserPreviewClient extends PreviewClient {
  /** Runs an experiment in the same worker. The previous one ends. */
  experiment(what: StartedExperiment, onReply: (reply: ExperimentReply) => void): void;
  /** Ends the experiment after its current row, with a report of the rows so far. */
  stopExperiment(): void;
}

type StateQuestion = {
  readonly kind: "read-state" | "clear-state";
  readonly workflowId: string;
};
