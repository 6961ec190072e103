import { join } from "node:path";
import { startPeriodic } from "../base/concurrency/periodic.ts";
import { maxReplayMs } from "../objects/replays/limits.ts";
import { existingExecutions } from "../read-model/queries.ts";
import { readRecording } from "../read-model/recordings/recording.ts";
import { replayInShadow } from "../replay/shadow-replay.ts";
import { withTimeLimit } from "../replay/time-limit.ts";
import type { SandboxPool } from "../sandbox/scheduling/pool.ts";
import { reportShadow } from "../services/alerts/report-shadow.ts";
import { readRecordedLines } from "../services/executions/full-recording.ts";
import { keptSweepIntervalMs, maxKeptRecordingMs, maxKeptRecordings } from "../services/replays/limits.ts";
import { startShadowReplays } from "../services/replays/shadow-replays.ts";
import type { ShadowReplays } from "../services/replays/shadow-replays.ts";
import { createKeptRecordings } from "../stores/data-directory/kept-recordings.ts";
import type { Parts } from "./parts.ts";
import { replayedVersions } from "./replays.ts";

/** Starts to replay a sample of ended executions, if the operator wants that. */
export function startShadow(parts: Parts, pool: SandboxPool): ShadowReplays | undefined {
  const { config, stack, restate, stores, telemetry } = parts;
  const logger = parts.log.part("shadow");
  const kept = createKeptRecordings(join(config.dataDir, "shadow"), {
    maxFiles: maxKeptRecordings,
    maxAgeMs: maxKeptRecordingMs,
  });
  const sweep = async () => await kept.sweep(async (ids) => await existingExecutions(restate, ids));
  const failure = "cannot remove recordings of deleted executions";
  stack.use(startPeriodic(sweep, { intervalMs: keptSweepIntervalMs, failure, logger }));
  if (config.shadow.share === 0) return undefined;
  const { ownVersion } = replayedVersions(stores, pool);
  return stack.use(
    startShadowReplays({
      ...config.shadow,
      readRecording: async ({ executionId, fuelUsed }) => ({
        ...(await readRecording(restate, executionId)),
        logs: await readRecordedLines(stores.logs, executionId),
        fuelUsed,
      }),
      async replay(recording) {
        const version = await ownVersion(recording.workflowId, recording.version);
        return await replayInShadow(recording, version && withTimeLimit(version, maxReplayMs));
      },
      async onReplayed({ executionId, workflowId }, outcome) {
        telemetry.instruments.shadowReplayed(outcome);
        await reportShadow(stores, { executionId, workflowId, outcome }, Date.now());
        if (outcome === "different") stores.database.publish("alerts", "");
      },
      onDifferent({ executionId }, recording, what) {
        const file = kept.keep(executionId, { what, recording });
        // What differs may contain URLs with credentials, so it is in the file alone.
        logger.error("the platform is not deterministic: the replay of an execution differs", {
          executionId,
          file,
        });
      },
      now: () => Date.now(),
      random: Math.random,
      logger,
    }),
  );
}
