import { z } from "zod";
import type { VersionView, WorkflowService, WorkflowView } from "../api/contract/services.ts";
import { decodeCursor, encodeCursor } from "../api/http/cursor.ts";
import { DuraniumError } from "../domain/errors.ts";
import { parseWorkflowId } from "../domain/ids.ts";
import type { Digest, WorkflowId } from "../domain/ids.ts";
import { maxImageBytesPerWorkflow, maxPageItems, maxVersionsPerWorkflow } from "../domain/limits.ts";
import type { Version, Workflow } from "../domain/workflow.ts";
import type { DeployInput, DeployOutput } from "../journal/object-inputs.ts";
import { workflowObjectName } from "../journal/object-names.ts";
import { listRecent } from "../read-model/execution-list.ts";
import { readCurrentVersions } from "../read-model/queries.ts";
import type { RestateClient, Target } from "../restate/client/restate-client.ts";
import type { VersionStore } from "../stores/versions.ts";
import type { WorkflowStore } from "../stores/workflows.ts";
import { purgeRemovedWorkflow } from "./retention/purge.ts";

export interface WorkflowServiceOptions {
  readonly restate: RestateClient;
  readonly workflows: WorkflowStore;
  readonly versions: VersionStore;
  /** What goes when a removed workflow is deployed again: until then it binds executions that are under way. */
  readonly settings: { removeAll(workflowId: WorkflowId): void };
  /** What goes with a workflow. */
  readonly ownedBy: readonly { removeAll(workflowId: WorkflowId): void }[];
  /** Builds, or finds, the portable components of bundles; absent where the operator does not want that. */
  readonly components:
    | {
        get(bundleDigest: Digest, signal: AbortSignal): Promise<Uint8Array>;
        remove(bundleDigests: readonly Digest[]): Promise<void>;
      }
    | undefined;
}

/** Workflows and their versions: what exists is in SQL, what is current is in Restate's state. */
export function createWorkflowService(options: WorkflowServiceOptions): WorkflowService {
  const { restate, workflows, versions, ownedBy } = options;
  return {
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
      return (await restate.call(targetOf(workflowId, "deploy"), input)) as DeployOutput;
    },
    async activate(workflowId, version) {
      workflows.get(workflowId);
      const activated = (await restate.call(targetOf(workflowId, "activate"), { version })) as Version;
      return { ...activated, current: true };
    },
    async setNote(workflowId, number, note) {
      workflows.get(workflowId);
      const version = versions.setNote(workflowId, number, note);
      return versionView(version, await readCurrentVersions(restate, [workflowId]));
    },
    async remove(workflowId) {
      workflows.get(workflowId);
      await restate.call(targetOf(workflowId, "remove"), null);
      // Who deploys under this name later is not who they were for.
      for (const store of ownedBy) store.removeAll(workflowId);
      await options.components?.remove(bundlesOf(versions, workflowId));
    },
    async get(workflowId) {
      const workflow = workflows.get(workflowId);
      return viewOf(workflow, await readCurrentVersions(restate, [workflowId]));
    },
    async list({ cursor, limit, recent }, only) {
      const after =
        cursor === undefined ? undefined : decodeCursor(cursor, z.string().transform(parseWorkflowId));
      const { items, next } = workflows.list({ limit, after }, only);
      const ids = items.map(({ workflowId }) => workflowId);
      const [current, executions] = await Promise.all([
        readCurrentVersions(restate, ids),
        recent === undefined || ids.length === 0 ? undefined : listRecent(restate, ids, recent),
      ]);
      const views = items.map((workflow) => ({
        ...viewOf(workflow, current),
        ...(executions === undefined ? {} : { recent: executions.get(workflow.workflowId) ?? [] }),
      }));
      return toPage(views, next);
    },
    async version(workflowId, number) {
      workflows.get(workflowId);
      const version = versions.get(workflowId, number);
      const view = versionView(version, await readCurrentVersions(restate, [workflowId]));
      return { ...view, source: versions.source(workflowId, number) };
    },
    async versions(workflowId, { cursor, limit }) {
      workflows.get(workflowId);
      const after = cursor === undefined ? undefined : decodeCursor(cursor, z.int());
      const { items, next } = versions.list(workflowId, { limit, after });
      const current = await readCurrentVersions(restate, [workflowId]);
      return toPage(
        items.map((version) => versionView(version, current)),
        next,
      );
    },
    async portableComponent(workflowId, number, signal) {
      workflows.get(workflowId);
      const { bundleDigest } = versions.get(workflowId, number);
      if (options.components !== undefined) return await options.components.get(bundleDigest, signal);
      throw new DuraniumError(
        "portable-builds-disabled",
        "This installation builds no portable components: that runs the top level of workflows without fuel, so the operator has to turn it on (DURANIUM_PORTABLE_COMPONENTS=on)",
      );
    },
  };
}

/** Which versions executions still need only Restate's journals know, so none is removed to make room. */
export function assertCapacity(workflowId: WorkflowId, usage: ReturnType<VersionStore["usage"]>): void {
  const reached =
    usage.versions >= maxVersionsPerWorkflow
      ? `it has ${maxVersionsPerWorkflow} versions (maxVersionsPerWorkflow)`
      : `the images of its versions take ${maxImageBytesPerWorkflow / 2 ** 30} GiB (maxImageBytesPerWorkflow)`;
  if (usage.versions < maxVersionsPerWorkflow && usage.imageBytes < maxImageBytesPerWorkflow) return;
  throw new DuraniumError(
    "invalid-request",
    `Cannot deploy workflow "${workflowId}": ${reached}. Deploy it under another name, or delete it and deploy it again`,
  );
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

function targetOf(workflowId: WorkflowId, handler: "deploy" | "activate" | "remove"): Target {
  return { object: workflowObjectName, key: workflowId, handler };
}

type CurrentVersions = ReadonlyMap<WorkflowId, number>;

function viewOf(workflow: Workflow, current: CurrentVersions): WorkflowView {
  const currentVersion = current.get(workflow.workflowId);
  return { ...workflow, ...(currentVersion === undefined ? {} : { currentVersion }) };
}

function versionView(version: Version, current: CurrentVersions): VersionView {
  return { ...version, current: current.get(version.workflowId) === version.version };
}

function toPage<T>(items: readonly T[], next: string | number | undefined) {
  return { items, ...(next === undefined ? {} : { cursor: encodeCursor(next) }) };
}
