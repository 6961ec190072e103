import type { Digest } from "../base/digest.ts";
import type { Diagnostic } from "../domain/errors.ts";
import type { ExecutionStatus } from "../domain/execution.ts";
import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import type { WorkflowSource } from "../domain/workflow.ts";
import { replayOutcomes } from "../domain/outcome.ts";
import type { ReplayOutcome } from "../domain/outcome.ts";
import type { ReplayItem } from "./replay-item.ts";

/** The input, the state and the report of a replay check: recordings of a workflow, replayed on a candidate. */

export interface ReplayCheckInput {
  readonly workflowId: WorkflowId;
  readonly candidate: CandidateInput;
  readonly select: ReplaySelection;
  /** The name of the API key. */
  readonly requestedBy: string;
  /** Of the candidate. */
  readonly sourceDigest?: Digest;
}

/** What is replayed on: a source, which is compiled as in a deploy, or a version. */
export type CandidateInput = { readonly source: WorkflowSource } | { readonly version: number };

/** The executions whose recordings are replayed. Only ones that have ended are selected. */
export interface ReplaySelection {
  /** The number of executions, the latest first. */
  readonly last: number;
  /** These executions, in place of the latest. */
  readonly executionIds?: readonly ExecutionId[];
  readonly status?: ExecutionStatus;
  readonly version?: number;
  readonly entryPoint?: string;
  /** At least one execution of each entry point, among more executions than `last`. */
  readonly perEntryPoint?: boolean;
  /** At least one execution of each sequence of steps, among more executions than `last`. */
  readonly perPath?: boolean;
}

/** The number of latest executions that a selection is among, unless it is restricted to certain ones. */
export function latestIn({
  last,
  executionIds,
  status,
  version,
  entryPoint,
}: ReplaySelection): number | undefined {
  const isRestricted = [executionIds, status, version, entryPoint].some((each) => each !== undefined);
  return isRestricted ? undefined : last;
}

export type ReplaySummary = Readonly<Record<ReplayOutcome, number>>;

/** The progress of a check, which is in the state of its object. */
export interface ReplayCheckProgress {
  readonly workflowId: WorkflowId;
  readonly status: "running" | "completed" | "cancelled" | "failed";
  readonly requestedBy: string;
  readonly sourceDigest?: Digest;
  /** The number of latest executions that were selected, or all if there are fewer. Absent if only certain ones were selected. */
  readonly latest?: number;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly endedAt?: number;
  /** The number of recordings. Absent until they are selected. */
  readonly total?: number;
  readonly done: number;
  readonly summary: ReplaySummary;
  /** Of those, the executions that failed and no longer do. */
  readonly fixed?: ReplaySummary;
  /** Why it failed. */
  readonly problem?: {
    readonly code: string;
    readonly detail: string;
    readonly diagnostics?: readonly Diagnostic[];
  };
}

/** The state keys of the object. */
export const progressKey = "check";

/** The items of one batch, so that a batch does not write all items again. */
export function itemsKey(batch: number): string {
  return `items ${batch}`;
}

export function summaryOf(items: readonly Pick<ReplayItem, "outcome">[]): ReplaySummary {
  const counts = replayOutcomes.map((outcome) => [
    outcome,
    items.filter((item) => item.outcome === outcome).length,
  ]);
  return Object.fromEntries(counts) as ReplaySummary;
}
