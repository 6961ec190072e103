import { DuraniumError } from "../../domain/errors.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import { replayOutcomes } from "../../domain/outcome.ts";
import type { ReplayOutcome } from "../../domain/outcome.ts";
import type { WorkflowSource } from "../../domain/workflow.ts";
import type { ReplayCheckRequirement } from "../../domain/workflow-settings.ts";
import { listReplayChecks } from "../../read-model/recordings/replay-checks.ts";
import type { StoredCheck } from "../../read-model/recordings/replay-checks.ts";
import type { RestateSql } from "../../read-model/restate-sql.ts";
import { sourceDigestOf } from "../../stores/source-digest.ts";
import type { WorkflowSettingsStore } from "../../stores/workflow-settings.ts";

export interface RequiredCheckOptions {
  readonly restate: RestateSql;
  readonly settings: Pick<WorkflowSettingsStore, "get">;
}

/**
 * Refuses a deploy if the settings of the workflow require a replay check of its source, and none has passed within the time for which
 * reports are stored.
 *
 * @throws {DuraniumError} `replay-check-required`
 */
export async function assertReplayChecked(
  { restate, settings }: RequiredCheckOptions,
  { workflowId, source }: { readonly workflowId: WorkflowId; readonly source: WorkflowSource },
): Promise<void> {
  const { deploy } = await settings.get(workflowId);
  const required = deploy?.requireReplayCheck;
  if (required === undefined) return;
  const digest = sourceDigestOf(source);
  const checks = (await listReplayChecks(restate, workflowId)).filter(
    ({ sourceDigest, latest = 0 }) => sourceDigest === digest && latest >= required.last,
  );
  if (checks.some((check) => hasPassed(check, required))) return;
  throw new DuraniumError(
    "replay-check-required",
    `Cannot deploy workflow "${workflowId}": ${whyNot(checks[0], required)}`,
  );
}

function hasPassed(check: StoredCheck, required: ReplayCheckRequirement): boolean {
  return check.status === "completed" && objections(check, required).length === 0;
}

/** The outcomes that prevent a deploy, with the number of executions. An execution that failed and no longer does is no objection. */
function objections(
  { summary, fixed }: StoredCheck,
  { allow = [] }: ReplayCheckRequirement,
): readonly { readonly outcome: ReplayOutcome; readonly count: number }[] {
  const allowed = new Set<ReplayOutcome>([...allow, "same"]);
  return replayOutcomes
    .filter((outcome) => !allowed.has(outcome))
    .map((outcome) => ({ outcome, count: summary[outcome] - (fixed?.[outcome] ?? 0) }))
    .filter(({ count }) => count > 0);
}

function whyNot(latest: StoredCheck | undefined, required: ReplayCheckRequirement): string {
  const { last, allow = [] } = required;
  if (latest === undefined) {
    return `its settings require a replay check of this source against the latest ${last} executions. Check it, or deploy with a reason to skip the check`;
  }
  if (latest.status === "running") return `the replay check ${latest.id} of this source has not ended`;
  if (latest.status !== "completed") return `the replay check ${latest.id} of this source did not complete`;
  const counts = objections(latest, required)
    .map(({ outcome, count }) => `${count} ${outcome}`)
    .join(", ");
  const allowed = allow.length === 0 ? "" : `, and only ${allow.join(", ")} may occur`;
  return `the replay check ${latest.id} of this source found ${counts}${allowed}. Deploy with a reason to skip the check, or change the source`;
}
