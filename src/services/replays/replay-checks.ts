import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type {
  ReplayCandidate,
  ReplayCheckService,
  ReplayCheckView,
} from "../../api/contract/replay-check.ts";
import type { PackageService } from "../../api/contract/package.ts";
import type { DraftService } from "../../api/contract/services.ts";
import { createSemaphore } from "../../base/concurrency/semaphore.ts";
import { toJsonText } from "../../base/json.ts";
import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { replayCheckObjectName } from "../../journal/object-names.ts";
import {
  findRunningCheck,
  listRunningChecks,
  isCheckId,
  listReplayChecks,
  readReplayCheck,
} from "../../read-model/recordings/replay-checks.ts";
import type { ReplayCheckInput } from "../../replay/check-state.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import { sourceDigestOf } from "../../stores/source-digest.ts";
import type { VersionStore } from "../../stores/versions.ts";
import type { WorkflowStore } from "../../stores/workflows.ts";
import { maxRunningChecks, maxRunningChecksPerWorkflow } from "./limits.ts";

export interface ReplayCheckServiceOptions {
  readonly restate: RestateClient;
  readonly workflows: Pick<WorkflowStore, "get">;
  readonly versions: Pick<VersionStore, "get">;
  readonly drafts: Pick<DraftService, "get">;
  readonly packages: Pick<PackageService, "withLock">;
}

/** How long a check may take to begin: the object writes its state at the start of its handler. */
const maxStartMs = 20_000;

/** The interval at which a waiting request looks for the end of its check. */
const pollMs = 150;

/** Replay checks run in the object `ReplayCheck`, whose state has the reports. */
export function createReplayCheckService(options: ReplayCheckServiceOptions): ReplayCheckService {
  const { restate, workflows } = options;
  // One at a time, so that each is counted by the next.
  const starting = createSemaphore(1);

  async function read(workflowId: WorkflowId, id: string): Promise<ReplayCheckView> {
    const check = isCheckId(id) ? await readReplayCheck(restate, id) : undefined;
    if (check?.workflowId === workflowId) return check;
    throw new DuraniumError("replay-check-not-found", `Workflow "${workflowId}" has no replay check "${id}"`);
  }

  return {
    async start({ workflowId, candidate, select, requestedBy }) {
      await workflows.get(workflowId);
      const id = `chk_${randomBytes(12).toString("hex")}`;
      const input: ReplayCheckInput = {
        workflowId,
        ...(await candidateOf(options, workflowId, candidate)),
        select,
        requestedBy,
      };
      using _starting = await starting.take();
      await assertFewRunning(restate, workflowId);
      const target = { object: replayCheckObjectName, key: id, handler: "run" };
      await restate.send(target, toJsonText(input as unknown as JsonValue));
      return { id };
    },
    get: read,
    async wait(workflowId, id, timeoutMs, signal) {
      const startsBy = Date.now() + maxStartMs;
      const until = Date.now() + timeoutMs;
      for (;;) {
        const check = await read(workflowId, id).catch(async (error: unknown) => {
          const mayStart = Date.now() < startsBy && (await findRunningCheck(restate, id)) !== undefined;
          if (!mayStart) throw error;
          return undefined;
        });
        const isOver = Date.now() >= until || signal.aborted;
        if (check !== undefined && (check.status !== "running" || isOver)) return check;
        await delay(pollMs, undefined, { signal }).catch(() => undefined);
      }
    },
    list: async (workflowId) => await listReplayChecks(restate, workflowId),
    async cancel(workflowId, id) {
      await read(workflowId, id);
      const invocation = await findRunningCheck(restate, id);
      if (invocation !== undefined) await restate.cancel(invocation as ExecutionId);
    },
  };
}

/** Each check in progress has its source and its compiled candidate in memory, and delays the others. */
async function assertFewRunning(restate: RestateClient, workflowId: WorkflowId): Promise<void> {
  const running = new Set(await listRunningChecks(restate));
  if (running.size === 0) return;
  const own = (await listReplayChecks(restate, workflowId)).filter(({ id }) => running.has(id));
  if (own.length < maxRunningChecksPerWorkflow && running.size < maxRunningChecks) return;
  const [count, limit] =
    own.length < maxRunningChecksPerWorkflow
      ? [running.size, "maxRunningChecks"]
      : [own.length, "maxRunningChecksPerWorkflow"];
  throw new DuraniumError(
    "overloaded",
    `Cannot start a replay check of workflow "${workflowId}": ${count} are in progress (${limit}). Wait for them or cancel one`,
  );
}

async function candidateOf(
  { versions, drafts, packages }: ReplayCheckServiceOptions,
  workflowId: WorkflowId,
  candidate: ReplayCandidate,
): Promise<Pick<ReplayCheckInput, "candidate" | "sourceDigest">> {
  if ("version" in candidate) {
    const { version, sourceDigest } = await versions.get(workflowId, candidate.version);
    return { candidate: { version }, sourceDigest };
  }
  const { source: requested } = "source" in candidate ? candidate : await drafts.get(workflowId);
  const source = await packages.withLock(requested);
  return { candidate: { source }, sourceDigest: sourceDigestOf(source) };
}
