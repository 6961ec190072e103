import type { JsonValue } from "#base/json.ts";
import type { PreviewClient } from "#preview/contract/preview.ts";
import { loadModules } from "./load-modules.ts";
import type { Modules } from "./messages.ts";
import { createSession } from "./session.ts";
import type { Started, Session } from "./session.ts";
import { startWorker } from "./worker.ts";
import type { PreviewWorker } from "./worker.ts";

/**
 * Previews in a worker, which starts and loads its modules with the first run. A worker that does not respond in time is terminated, and the next run starts another one.
 */
export function createPreviewClient(): PreviewClient {
  let modules: Promise<Modules> | undefined;
  let worker: PreviewWorker | undefined;
  let current: Session | undefined;
  let runs = 0;

  /** Failed loads are retried with the next run. */
  async function load(): Promise<Modules> {
    modules ??= loadModules((loading) => current?.prepare(loading));
    modules.catch(() => (modules = undefined));
    return await modules;
  }

  function startWith(loaded: Modules): PreviewWorker {
    const started = startWorker({
      onMessage: (message) => {
        if ("run" in message) current?.receive(message);
      },
      onLost: (lost, why) => {
        if (worker === lost) worker = undefined;
        current?.lose(lost, why);
      },
    });
    started.post({ kind: "prepare", modules: loaded });
    return started;
  }

  /** A worker that does not end the previous run is terminated, and this run starts in a new one. */
  async function begin(session: Session, before: Session | undefined, what: Started): Promise<void> {
    await before?.stop();
    try {
      const loaded = await load();
      if (current === session) session.begin((worker ??= startWith(loaded)), what);
    } catch (error) {
      session.fail(error instanceof Error ? error.message : String(error));
    }
  }

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
