import { DuraniumError, messageOf } from "#domain/errors.ts";
import { runExperiment } from "#experiments/run-experiment.ts";
import type { Preview } from "#preview/contract/preview.ts";
import type { PreviewBundler } from "#preview/local-engine.ts";
import type { Recording } from "#recordings/recording.ts";
import type { FromPreviewWorker, ToPreviewWorker } from "./messages.ts";

export type ExperimentMessage = Extract<ToPreviewWorker, { readonly kind: "experiment" }>;

/** Experiments in the worker of previews, one at a time. */
export interface Experiments {
  /** @param recording undefined if there is nothing to repeat */
  start(message: ExperimentMessage, recording: Recording | undefined): void;
  /** Ends the current one after its current row. */
  stop(): void;
}

export function createExperiments(
  { preview, bundler }: { readonly preview: Preview; readonly bundler: PreviewBundler },
  reply: (message: FromPreviewWorker) => void,
): Experiments {
  let current = new AbortController();

  async function run(message: ExperimentMessage, recording: Recording | undefined): Promise<void> {
    const { experiment, source, options } = message;
    const { signal } = current;
    try {
      if (recording === undefined) {
        throw new DuraniumError("invalid-request", "There is no run to repeat: preview the workflow first");
      }
      const workflow = preview.open(await bundler.bundle(source), source);
      const report = await runExperiment({
        ...options,
        workflow,
        recording,
        signal,
        onRow: (row, total) => reply({ kind: "experiment-row", experiment, row, total }),
      });
      reply({ kind: "experiment-done", experiment, report });
    } catch (error) {
      reply({ kind: "experiment-failed", experiment, why: messageOf(error) });
    }
  }

  return {
    start(message, recording) {
      current.abort();
      current = new AbortController();
      void run(message, recording);
    },
    stop: () => current.abort(),
  };
}
