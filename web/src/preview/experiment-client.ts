import type { PreviewSource } from "#preview/contract/preview.ts";
import type { Recording } from "#recordings/recording.ts";
import type { ExperimentReply, ExperimentSettings } from "./messages.ts";
import type { PreviewWorker } from "./worker.ts";

export interface StartedExperiment {
  readonly source: PreviewSource;
  readonly options: ExperimentSettings;
  /** Defaults to that of the current run. */
  readonly recording?: Recording;
}

/** The current experiment in the worker of previews. Replies to earlier ones are ignored. */
export interface ExperimentClient {
  start(what: StartedExperiment, onReply: (reply: ExperimentReply) => void): void;
  receive(reply: ExperimentReply): void;
  /** Reports that the experiment cannot continue. */
  fail(why: string): void;
}

/** @param openWorker returns the worker for a source, which starts if necessary */
export function createExperimentClient(
  openWorker: (source: PreviewSource) => Promise<PreviewWorker>,
): ExperimentClient {
  let number = 0;
  let listener: ((reply: ExperimentReply) => void) | undefined;

  function fail(why: string): void {
    listener?.({ kind: "experiment-failed", experiment: number, why });
  }

  async function begin(own: number, what: StartedExperiment): Promise<void> {
    try {
      const worker = await openWorker(what.source);
      if (own === number) worker.post({ kind: "experiment", experiment: own, ...what });
    } catch (error) {
      if (own === number) fail(error instanceof Error ? error.message : String(error));
    }
  }

  return {
    start(what, onReply) {
      number += 1;
      listener = onReply;
      void begin(number, what);
    },
    receive(reply) {
      if (reply.experiment === number) listener?.(reply);
    },
    fail,
  };
}
