import type { WorkflowService } from "../api/contract/services.ts";
import type { VersionView } from "../api/contract/workflow.ts";
import type { Digest } from "../base/digest.ts";
import { languageNames } from "../domain/engines/language.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { WorkflowId } from "../domain/ids.ts";
import type { Version } from "../domain/workflow.ts";
import { workflowObjectName } from "../journal/object-names.ts";
import { readCurrentVersions } from "../read-model/queries.ts";
import type { RestateClient, Target } from "../restate/client/restate-client.ts";
import type { VersionStore } from "../stores/versions.ts";
import type { WorkflowStore } from "../stores/workflows.ts";

export interface VersionOptions {
  readonly restate: RestateClient;
  readonly workflows: WorkflowStore;
  readonly versions: VersionStore;
  /** Builds and caches the portable components of bundles; `undefined` if the operator disabled them. */
  readonly components:
    | {
        get(bundleDigest: Digest, signal: AbortSignal): Promise<Uint8Array>;
        remove(bundleDigests: readonly Digest[]): Promise<void>;
      }
    | undefined;
}

/** Versions of workflows: SQL has what exists, Restate's state has which one is current. */
export function versionActions(
  options: VersionOptions,
): Pick<WorkflowService, "activate" | "setNote" | "version" | "versions" | "portableComponent"> {
  const { restate, workflows, versions } = options;
  return {
    async activate(workflowId, version) {
      await workflows.get(workflowId);
      const activated = (await restate.call(workflowTarget(workflowId, "activate"), { version })) as Version;
      return { ...withLanguage(activated), digest: activated.sourceDigest, current: true };
    },
    async setNote(workflowId, number, note) {
      await workflows.get(workflowId);
      const version = await versions.setNote(workflowId, number, note);
      return versionView(version, await readCurrentVersions(restate, [workflowId]));
    },
    async version(workflowId, number) {
      await workflows.get(workflowId);
      const version = await versions.get(workflowId, number);
      const view = versionView(version, await readCurrentVersions(restate, [workflowId]));
      return { ...view, source: await versions.source(workflowId, number) };
    },
    async versions(workflowId, request) {
      await workflows.get(workflowId);
      const page = await versions.list(workflowId, request);
      const current = await readCurrentVersions(restate, [workflowId]);
      return { ...page, items: page.items.map((version) => versionView(version, current)) };
    },
    async portableComponent(workflowId, number, signal) {
      await workflows.get(workflowId);
      const { bundleDigest, language = "javascript" } = await versions.get(workflowId, number);
      if (language !== "javascript")
        throw new DuraniumError(
          "portable-builds-disabled",
          `Portable components are built of JavaScript only, and version ${number} of "${workflowId}" is in ${languageNames[language]}`,
        );
      if (options.components !== undefined) return await options.components.get(bundleDigest, signal);
      throw new DuraniumError(
        "portable-builds-disabled",
        "Portable component builds are disabled, because they evaluate workflows without a fuel limit. Set DURANIUM_PORTABLE_COMPONENTS=on",
      );
    },
  };
}

export function workflowTarget(workflowId: WorkflowId, handler: "deploy" | "activate" | "remove"): Target {
  return { object: workflowObjectName, key: workflowId, handler };
}

/** Journals of earlier releases have versions without a language. */
export function withLanguage<T extends Version>(version: T): T & Required<Pick<Version, "language">> {
  return { ...version, language: version.language ?? "javascript" };
}

function versionView(version: Version, current: ReadonlyMap<WorkflowId, number>): VersionView {
  return {
    ...withLanguage(version),
    digest: version.sourceDigest,
    current: current.get(version.workflowId) === version.version,
  };
}
