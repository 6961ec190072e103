import type { AcceptedLosses, LossOption } from "../../domain/accepted-losses.ts";
import { workflowObjectName } from "../../journal/object-names.ts";
import { findDeployedWorkflow, hasWorkflowData } from "../../read-model/queries.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import type { ArtifactStorage } from "../../stores/artifacts/artifacts.ts";
import type { KeyRing } from "../../stores/data-directory/key-ring.ts";
import type { StoredInventory, NewestVersion } from "../../stores/sql/inventory.ts";

/*
 * Start-up checks for lost parts of an installation. Without them a loss would go unnoticed: a new master key would be
 * generated for secrets that it cannot decrypt, and executions would fail or wait indefinitely. Each check prevents the
 * start and says how to continue without the lost part.
 */

/** A part of the data is missing, and the operator has not accepted its loss. */
class DataLossError extends Error {
  override readonly name = "DataLossError";

  constructor(what: string, withoutIt: string, option: LossOption) {
    super(
      `${what}. Restore it from a backup. To continue without it, start once with --${option}: ${withoutIt}`,
    );
  }
}

/** @throws {DataLossError} if secrets are encrypted with a missing master key */
export function assertMasterKeys(
  { masterKeyIds }: StoredInventory,
  {
    keys,
    source,
    accepted,
  }: { readonly keys: Pick<KeyRing, "has">; readonly source: string; readonly accepted: AcceptedLosses },
): void {
  const missing = masterKeyIds.filter((id) => !keys.has(id));
  if (missing.length === 0 || accepted.has("accept-lost-master-key")) return;
  throw new DataLossError(
    `The master key ${missing.join(", ")} that encrypts secrets of the database is not in ${source}`,
    "all secrets of workflows and signature secrets of webhooks must then be set again",
    "accept-lost-master-key",
  );
}

/**
 * @throws {DataLossError} if there are versions and no artifacts
 * @throws {DuraniumError} `object-storage-unavailable`, `object-storage-refused`
 */
export async function assertArtifacts(
  { newestVersions }: StoredInventory,
  {
    artifacts,
    accepted,
  }: {
    readonly artifacts: Pick<ArtifactStorage, "list" | "place">;
    readonly accepted: AcceptedLosses;
  },
): Promise<void> {
  const first = await artifacts.list()[Symbol.asyncIterator]().next();
  if (newestVersions.length === 0 || accepted.has("accept-lost-artifacts")) return;
  if (first.done !== true) return;
  throw new DataLossError(
    `There are no artifacts in ${artifacts.place}, and the database has versions of ${workflowsIn(newestVersions)}`,
    "all workflows must then be deployed again, and executions of older versions fail",
    "accept-lost-artifacts",
  );
}

/**
 * Compares Restate's data with the database. If Restate has no data of the deployed workflows and the operator accepted
 * the loss, the newest version of each workflow becomes the current one.
 *
 * @throws {DataLossError}
 */
export async function assertExecutions(
  { newestVersions }: StoredInventory,
  {
    restate,
    accepted,
  }: { readonly restate: Pick<RestateClient, "query" | "call">; readonly accepted: AcceptedLosses },
): Promise<void> {
  if (newestVersions.length === 0 || (await hasWorkflowData(restate))) return;
  if (!accepted.has("accept-lost-executions")) {
    throw new DataLossError(
      `Restate has no data of the deployed workflows (${workflowsIn(newestVersions)}): its data directory was lost or replaced`,
      "executions and the state of workflows are then lost, and the newest version of each workflow becomes the current one",
      "accept-lost-executions",
    );
  }
  for (const { workflowId, version } of newestVersions) {
    await restate.call({ object: workflowObjectName, key: workflowId, handler: "activate" }, { version });
  }
}

/** @throws {DataLossError} if Restate has data of workflows and the database has none */
export async function assertDatabase(
  { newestVersions }: StoredInventory,
  {
    restate,
    database,
    accepted,
  }: {
    readonly restate: Pick<RestateClient, "query">;
    /** Its location. */
    readonly database: string;
    readonly accepted: AcceptedLosses;
  },
): Promise<void> {
  if (newestVersions.length > 0 || accepted.has("accept-lost-database")) return;
  const workflowId = await findDeployedWorkflow(restate);
  if (workflowId === undefined) return;
  throw new DataLossError(
    `The database ${database} has no workflows, and Restate has data of "${workflowId}"`,
    "workflows must then be deployed again, with their settings, secrets, webhooks and keys, and executions of older versions fail",
    "accept-lost-database",
  );
}

function workflowsIn(versions: readonly NewestVersion[]): string {
  const names = versions.slice(0, 3).map(({ workflowId }) => `"${workflowId}"`);
  const more = versions.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
