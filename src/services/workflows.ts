import type { PackageService } from "../api/contract/package.ts";
import type { WorkflowService } from "../api/contract/services.ts";
import type { WorkflowView } from "../api/contract/workflow.ts";
import type { Digest } from "../base/digest.ts";
import { DuraniumError } from "../domain/errors.ts";
import { workflowQueue } from "../domain/flow/queue-id.ts";
import type { WorkflowId } from "../domain/ids.ts";
import { maxPageItems } from "../domain/limits.ts";
import type { WorkflowPause } from "../domain/flow/workflow-pause.ts";
import type { Workflow } from "../domain/workflow.ts";
import type { DeployInput, DeployOutput } from "../journal/object-inputs.ts";
import { queueObjectName } from "../journal/object-names.ts";
import type { PauseWorkflowInput } from "../journal/queue-inputs.ts";
import { listRecent } from "../read-model/lists/execution-list.ts";
import { readCurrentVersions } from "../read-model/queries.ts";
import type { Target } from "../restate/client/restate-client.ts";
import type { VersionStore } from "../stores/versions.ts";
import type { WorkflowPauseStore } from "../stores/workflow-pauses.ts";
import { maxImageBytesPerWorkflow, maxVersionsPerWorkflow } from "./limits.ts";
import { assertReplayChecked } from "./replays/required-check.ts";
import type { RequiredCheckOptions } from "./replays/required-check.ts";
import { purgeRemovedWorkflow } from "./retention/purge.ts";
import { versionActions, withLanguage, workflowTarget } from "./versions.ts";
import type { VersionOptions } from "./versions.ts";

export interface WorkflowServiceOptions extends VersionOptions, RequiredCheckOptions {
  readonly restate: VersionOptions["restate"];
  /** Stores whose data is removed when a deleted workflow is deployed again: until then, its executions use it or add to it. */
  readonly usedByExecutions: readonly { removeAll(workflowId: WorkflowId): void | Promise<void> }[];
  readonly pauses: Pick<WorkflowPauseStore, "all" | "get">;
  readonly packages: Pick<PackageService, "withLock">;
  /** Stores whose data of a workflow is removed with the workflow. */
  readonly ownedBy: readonly { removeAll(workflowId: WorkflowId): void | Promise<void> }[];
}

/** Workflows and their versions. */
export function createWorkflowService(options: WorkflowServiceOptions): WorkflowService {
  const { restate, workflows, versions, pauses, ownedBy } = options;
  async function get(workflowId: WorkflowId): Promise<WorkflowView> {
    const workflow = await workflows.get(workflowId);
    const current = await readCurrentVersions(restate, [workflowId]);
    return viewOf(workflow, current, await pauses.get(workflowId));
  }

  return {
    ...versionActions(options),
    deploy: async (request) => await deploy(options, request),
    async pause(workflowId, pause) {
      await workflows.get(workflowId);
      const input: PauseWorkflowInput = { pause: { ...pause, at: Date.now() } };
      await restate.call(queueTarget(workflowId, "pauseWorkflow"), input);
      return await get(workflowId);
    },
    async resume(workflowId) {
      await workflows.get(workflowId);
      await restate.call(queueTarget(workflowId, "resumeWorkflow"), null);
      return await get(workflowId);
    },
    async remove(workflowId) {
      await workflows.get(workflowId);
      await restate.call(workflowTarget(workflowId, "remove"), null);
      // A later deploy under this name may belong to another owner.
      for (const store of ownedBy) await store.removeAll(workflowId);
      if (options.components !== undefined)
        await options.components.remove(await bundlesOf(versions, workflowId));
    },
    get,
    async list({ recent, ...request }, only) {
      const page = await workflows.list(request, only);
      const ids = page.items.map(({ workflowId }) => workflowId);
      const [current, executions] = await Promise.all([
        readCurrentVersions(restate, ids),
        recent === undefined || ids.length === 0 ? undefined : listRecent(restate, ids, recent),
      ]);
      const paused = await pauses.all();
      const items = page.items.map((workflow) => ({
        ...viewOf(workflow, current, paused.get(workflow.workflowId)),
        ...(executions === undefined ? {} : { recent: executions.get(workflow.workflowId) ?? [] }),
      }));
      return { ...page, items };
    },
  };
}

async function deploy(
  options: WorkflowServiceOptions,
  {
    workflowId,
    source: requested,
    note,
    deployedBy,
    isWorkflowBound,
    skipsReplayCheck = false,
  }: Parameters<WorkflowService["deploy"]>[0],
): ReturnType<WorkflowService["deploy"]> {
  const { restate, workflows, versions } = options;
  const source = await options.packages.withLock(requested);
  if (await workflows.isRemoved(workflowId)) {
    await purgeRemovedWorkflow(restate, workflowId);
    for (const store of options.usedByExecutions) await store.removeAll(workflowId);
  } else {
    const usage = await versions.usage(workflowId);
    assertCapacity(workflowId, usage);
    // The first version has no executions to replay.
    if (usage.versions > 0 && !skipsReplayCheck) await assertReplayChecked(options, { workflowId, source });
  }
  const input: DeployInput = {
    source,
    deployedBy,
    isWorkflowBound,
    ...(note === undefined ? {} : { note }),
  };
  const deployed = (await restate.call(workflowTarget(workflowId, "deploy"), input)) as DeployOutput;
  return { ...withLanguage(deployed), digest: deployed.sourceDigest };
}

/** No version is removed to make room, because only Restate's journals know which versions executions still need. */
export function assertCapacity(
  workflowId: WorkflowId,
  usage: Awaited<ReturnType<VersionStore["usage"]>>,
): void {
  const reached =
    usage.versions >= maxVersionsPerWorkflow
      ? `it has ${maxVersionsPerWorkflow} versions (maxVersionsPerWorkflow)`
      : `the images of its versions take ${maxImageBytesPerWorkflow / 2 ** 30} GiB (maxImageBytesPerWorkflow)`;
  if (usage.versions < maxVersionsPerWorkflow && usage.imageBytes < maxImageBytesPerWorkflow) return;
  throw new DuraniumError(
    "invalid-request",
    `Cannot deploy workflow "${workflowId}": ${reached}. Use another name, or delete and redeploy it`,
  );
}

function viewOf(
  workflow: Workflow,
  current: ReadonlyMap<WorkflowId, number>,
  paused: WorkflowPause | undefined,
): WorkflowView {
  const currentVersion = current.get(workflow.workflowId);
  return {
    ...workflow,
    ...(currentVersion === undefined ? {} : { currentVersion }),
    ...(paused === undefined ? {} : { paused }),
  };
}

function queueTarget(workflowId: WorkflowId, handler: "pauseWorkflow" | "resumeWorkflow"): Target {
  return { object: queueObjectName, key: workflowQueue(workflowId), handler };
}

async function bundlesOf(versions: VersionStore, workflowId: WorkflowId): Promise<readonly Digest[]> {
  const digests: Digest[] = [];
  for (let after: number | undefined; ;) {
    const { items, next } = await versions.list(workflowId, { limit: maxPageItems, after });
    digests.push(...items.map(({ bundleDigest }) => bundleDigest));
    if (next === undefined) return digests;
    after = next;
  }
}
