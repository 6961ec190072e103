import type { WorkflowService } from "../api/contract/services.ts";
import type { WorkflowView } from "../api/contract/workflow.ts";
import type { Digest } from "../base/digest.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { WorkflowId } from "../domain/ids.ts";
import { maxPageItems } from "../domain/limits.ts";
import type { Workflow } from "../domain/workflow.ts";
import type { DeployInput, DeployOutput } from "../journal/object-inputs.ts";
import { listRecent } from "../read-model/lists/execution-list.ts";
import { readCurrentVersions } from "../read-model/queries.ts";
import type { VersionStore } from "../stores/versions.ts";
import { maxImageBytesPerWorkflow, maxVersionsPerWorkflow } from "./limits.ts";
import { purgeRemovedWorkflow } from "./retention/purge.ts";
import { versionActions, workflowTarget } from "./versions.ts";
import type { VersionOptions } from "./versions.ts";

export interface WorkflowServiceOptions extends VersionOptions {
  /** Removed when a deleted workflow is deployed again: until then, they apply to its running executions. */
  readonly settings: { removeAll(workflowId: WorkflowId): void };
  /** Stores whose data of a workflow is removed with the workflow. */
  readonly ownedBy: readonly { removeAll(workflowId: WorkflowId): void }[];
}

/** Workflows and their versions. */
export function createWorkflowService(options: WorkflowServiceOptions): WorkflowService {
  const { restate, workflows, versions, ownedBy } = options;
  return {
    ...versionActions(options),
    async deploy({ workflowId, source, note, deployedBy, isWorkflowBound }) {
      const input: DeployInput = {
        source,
        deployedBy,
        isWorkflowBound,
        ...(note === undefined ? {} : { note }),
      };
      if (!workflows.isRemoved(workflowId)) assertCapacity(workflowId, versions.usage(workflowId));
      else {
        await purgeRemovedWorkflow(restate, workflowId);
        options.settings.removeAll(workflowId);
      }
      const deployed = (await restate.call(workflowTarget(workflowId, "deploy"), input)) as DeployOutput;
      return { ...deployed, digest: deployed.sourceDigest };
    },
    async remove(workflowId) {
      workflows.get(workflowId);
      await restate.call(workflowTarget(workflowId, "remove"), null);
      // A later deploy under this name may belong to another owner.
      for (const store of ownedBy) store.removeAll(workflowId);
      await options.components?.remove(bundlesOf(versions, workflowId));
    },
    async get(workflowId) {
      const workflow = workflows.get(workflowId);
      return viewOf(workflow, await readCurrentVersions(restate, [workflowId]));
    },
    async list({ recent, ...request }, only) {
      const page = workflows.list(request, only);
      const ids = page.items.map(({ workflowId }) => workflowId);
      const [current, executions] = await Promise.all([
        readCurrentVersions(restate, ids),
        recent === undefined || ids.length === 0 ? undefined : listRecent(restate, ids, recent),
      ]);
      const items = page.items.map((workflow) => ({
        ...viewOf(workflow, current),
        ...(executions === undefined ? {} : { recent: executions.get(workflow.workflowId) ?? [] }),
      }));
      return { ...page, items };
    },
  };
}

/** No version is removed to make room, because only Restate's journals know which versions executions still need. */
export function assertCapacity(workflowId: WorkflowId, usage: ReturnType<VersionStore["usage"]>): void {
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

function viewOf(workflow: Workflow, current: ReadonlyMap<WorkflowId, number>): WorkflowView {
  const currentVersion = current.get(workflow.workflowId);
  return { ...workflow, ...(currentVersion === undefined ? {} : { currentVersion }) };
}

function bundlesOf(versions: VersionStore, workflowId: WorkflowId): readonly Digest[] {
  const digests: Digest[] = [];
  for (let after: number | undefined; ;) {
    const { items, next } = versions.list(workflowId, { limit: maxPageItems, after });
    digests.push(...items.map(({ bundleDigest }) => bundleDigest));
    if (next === undefined) return digests;
    after = next;
  }
}
