import { createSemaphore } from "../base/concurrency/semaphore.ts";
import { DuraniumError, messageOf, toDuraniumError } from "../domain/errors.ts";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import type { CompiledWorkflow, WorkflowSource } from "../domain/workflow.ts";
import {
  maxBatchMs,
  maxConcurrentReplays,
  maxRecordingReplayMs,
  maxReplayMs,
  maxRequestedReplays,
} from "../objects/replays/limits.ts";
import type { RecordedRequestsOptions } from "../objects/replays/recorded-requests-object.ts";
import type { ReplayCheckOptions } from "../objects/replays/run-check.ts";
import { selectExecutions } from "../objects/replays/select-executions.ts";
import { readWorkflowOf } from "../read-model/execution-records.ts";
import { readRecording } from "../read-model/recordings/recording.ts";
import { maxRecordedBytes } from "../recordings/limits.ts";
import type { Recording } from "../recordings/recording.ts";
import { checkRecording } from "../replay/check-recording.ts";
import { replayOwnVersion } from "../replay/own-version.ts";
import type { RecordedRequests } from "../replay/own-version.ts";
import { redactItem } from "../replay/redact-item.ts";
import type { ReplayItem } from "../replay/replay-item.ts";
import type { ReplayedVersion } from "../replay/replayed-version.ts";
import { shortItem } from "../replay/short-item.ts";
import { withTimeLimit } from "../replay/time-limit.ts";
import { mapFailure, mapJson } from "../sandbox/compile/diagnostics/source-map.ts";
import type { SandboxPool } from "../sandbox/scheduling/pool.ts";
import type { Parts } from "./parts.ts";

export interface ReplayParts {
  readonly pool: SandboxPool;
  readonly compile: (source: WorkflowSource, limits: ExecutionLimits) => Promise<CompiledWorkflow>;
  readonly limitsOf: (workflowId: WorkflowId) => Promise<ExecutionLimits>;
}

/** What replay checks run on: the sandbox of executions, with few replays at the same time. */
export function replayCheckOptions(
  { restate, stores }: Pick<Parts, "restate" | "stores">,
  { pool, compile, limitsOf }: ReplayParts,
): ReplayCheckOptions & RecordedRequestsOptions {
  const { versions } = stores;
  const checking = createSemaphore(maxConcurrentReplays);
  const requested = createSemaphore(maxRequestedReplays);

  const { versionOf, ownVersion } = replayedVersions(stores, pool);
  const replay = recordingReplays({ restate, stores }, ownVersion);

  async function read(executionId: ExecutionId): Promise<RecordedRequests | undefined> {
    using _requested = await requested.take();
    const recording = { ...(await readRecording(restate, executionId)), logs: [] };
    const own = await ownVersion(recording.workflowId, recording.version);
    if (own === undefined) return undefined;
    const limited = withTimeLimit(own, maxRecordingReplayMs);
    const { requests, contradiction } = await replayOwnVersion(recording, limited, { hasCallSites: true });
    const isSmall = JSON.stringify(requests).length <= maxRecordedBytes;
    return contradiction === undefined && isSmall ? requests : undefined;
  }

  async function compare(executionId: ExecutionId, version: number): Promise<ReplayItem> {
    using _requested = await requested.take();
    const workflowId = await readWorkflowOf(restate, executionId);
    return await replay(executionId, await versionOf(await versions.get(workflowId, version)));
  }

  return {
    read,
    compare,
    now: () => Date.now(),
    select: async (input) => await selectExecutions(restate, input),
    async candidateOf({ workflowId, candidate }) {
      if ("version" in candidate) return await versions.get(workflowId, candidate.version);
      return await compile(candidate.source, await limitsOf(workflowId));
    },
    async replay(executionIds, compiled, ended) {
      const candidate = await versionOf(compiled);
      return await inTime(executionIds, async (id, isLate) => {
        using _checking = await checking.take(ended);
        return isLate() ? undefined : await replay(id, candidate);
      });
    },
  };
}

/** Replays the recording of an execution on another version. */
function recordingReplays(
  { restate, stores }: Pick<Parts, "restate" | "stores">,
  ownVersion: ReturnType<typeof replayedVersions>["ownVersion"],
): (executionId: ExecutionId, candidate: ReplayedVersion) => Promise<ReplayItem> {
  const rulesOf = async ({ workflowId }: Pick<Recording, "workflowId">) => {
    const { recordings } = await stores.settings.get(workflowId as WorkflowId);
    return recordings?.redact ?? {};
  };

  return async (executionId, candidate) => {
    try {
      const recording = { ...(await readRecording(restate, executionId)), logs: [] };
      const own = await ownVersion(recording.workflowId, recording.version);
      const item = await checkRecording({
        recording,
        own: own && withTimeLimit(own, maxReplayMs),
        candidate: withTimeLimit(candidate, maxReplayMs),
      });
      return shortItem(redactItem(item, recording, await rulesOf(recording)));
    } catch (error) {
      // Restate is asked again by the next attempt. Anything else would fail again, and the other recordings with it.
      if (toDuraniumError(error).code === "restate-unavailable") throw error;
      return { executionId, outcome: "notComparable", reason: messageOf(error) };
    }
  };
}

/** Replays the first executions, at least one. They begin in their order, so those for which no time is left are the last ones. */
async function inTime(
  executionIds: readonly ExecutionId[],
  replay: (executionId: ExecutionId, isLate: () => boolean) => Promise<ReplayItem | undefined>,
): Promise<readonly ReplayItem[]> {
  const until = performance.now() + maxBatchMs;
  const items = await Promise.all(
    executionIds.map(async (id, number) => await replay(id, () => number > 0 && performance.now() > until)),
  );
  return items.filter((item) => item !== undefined);
}

/** Versions as replays run them. */
export function replayedVersions({ artifacts, versions }: Parts["stores"], pool: SandboxPool) {
  async function versionOf(compiled: CompiledWorkflow): Promise<ReplayedVersion> {
    const map = new TextDecoder().decode(await artifacts.get(compiled.sourceMapDigest));
    return {
      open: async (limits) => await pool.acquire({ ...compiled, limits, isBackground: true }),
      mapper: { failure: (failure) => mapFailure(failure, map), json: (json) => mapJson(json, map) },
    };
  }

  /** Undefined if the version no longer exists. */
  async function ownVersion(workflowId: string, version: number): Promise<ReplayedVersion | undefined> {
    try {
      return await versionOf(await versions.get(workflowId as WorkflowId, version));
    } catch (error) {
      if (error instanceof DuraniumError && isGone.has(error.code)) return undefined;
      throw error;
    }
  }

  return { versionOf, ownVersion };
}

const isGone: ReadonlySet<string> = new Set(["version-not-found", "artifact-missing"]);
