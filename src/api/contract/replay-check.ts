import { z } from "zod";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { ExecutionStatus } from "../../domain/execution.ts";
import type { WorkflowSource } from "../../domain/workflow.ts";
import { callSite, failureSchema, recordedBody } from "../../recordings/recording.ts";
import { diagnostic, jsonValue, timestamp, workflowId } from "./fields.ts";
import type { View } from "./wire.ts";

/** Replay checks: the schemas of responses, and the types that services return, which are derived from them. */

export const replayOutcome = z
  .enum(["same", "otherResult", "different", "asksForMore", "endsEarlier", "throws", "notComparable"])
  .meta({
    id: "ReplayOutcome",
    description:
      "`same`: same calls, same end. `otherResult`: same calls, another result. `different`: another call in the place of a " +
      "recorded one. `asksForMore`: a call that was not recorded, or a wait for something that did not arrive. `endsEarlier`: a " +
      "recorded call is not made. `throws`: an error that was not recorded. `notComparable`: the recording lacks what is needed",
  });

const replayedCall = z
  .strictObject({
    name: z.string().meta({ examples: ["fetch POST https://api.example.com/charges"] }),
    operation: z.string(),
    arguments: jsonValue.exactOptional(),
    body: recordedBody.exactOptional(),
  })
  .meta({ id: "ReplayedCall" });

const difference = z
  .strictObject({
    path: z
      .string()
      .meta({ description: "A JSON Pointer; empty for the whole result", examples: ["/total"] }),
    before: jsonValue.exactOptional(),
    after: jsonValue.exactOptional(),
  })
  .meta({ id: "ReplayDifference", description: "A difference between the results" });

const item = z
  .strictObject({
    executionId: z.string(),
    outcome: replayOutcome,
    step: z.int().min(0).exactOptional().meta({
      description: "The position of the call at which the candidate leaves the recording, from 0",
    }),
    expected: replayedCall.exactOptional(),
    actual: replayedCall.exactOptional(),
    failure: failureSchema.exactOptional().meta({ description: "What the candidate throws" }),
    place: callSite.exactOptional().meta({
      description:
        "Where the call is made, or the error is thrown. Of `endsEarlier`, where the recorded version made the call",
    }),
    differences: z.array(difference).exactOptional(),
    fuel: z
      .strictObject({ before: z.number(), after: z.number() })
      .exactOptional()
      .meta({ description: "Instructions, if the candidate uses at least 30 % more" }),
    fixed: z
      .literal(true)
      .exactOptional()
      .meta({ description: "The recorded execution failed, and the candidate gets past that" }),
    reason: z.string().exactOptional().meta({ description: "Why it is not comparable" }),
  })
  .meta({ id: "ReplayItem", description: "What the candidate does on the recording of one execution" });

const count = z.int().min(0);

const summary = z
  .strictObject({
    same: count,
    otherResult: count,
    different: count,
    asksForMore: count,
    endsEarlier: count,
    throws: count,
    notComparable: count,
  })
  .meta({ id: "ReplaySummary", description: "The number of executions by outcome" });

const checkShape = {
  id: z.string().meta({ examples: ["chk_0123456789abcdef01234567"] }),
  workflowId,
  status: z
    .enum(["running", "completed", "cancelled", "failed"])
    .meta({ description: "`failed`: the candidate does not compile, or the check could not continue" }),
  requestedBy: z.string().meta({ description: "The name of the API key" }),
  sourceDigest: z
    .string()
    .exactOptional()
    .meta({ description: "The digest of the candidate's source, as of a version" }),
  latest: count.exactOptional().meta({
    description:
      "The number of latest executions that were selected. Absent if only certain ones were selected",
  }),
  createdAt: timestamp,
  endedAt: timestamp.exactOptional(),
  total: count.exactOptional().meta({ description: "The number of recordings, once they are selected" }),
  done: count,
  summary,
  fixed: summary
    .exactOptional()
    .meta({ description: "Of those, the executions that failed, and that the candidate gets past" }),
  problem: z
    .strictObject({
      code: z.string(),
      detail: z.string(),
      diagnostics: z.array(diagnostic).exactOptional(),
    })
    .exactOptional(),
};

export const replayCheckSummary = z.strictObject(checkShape).meta({ id: "ReplayCheckSummary" });

export const replayCheck = z
  .strictObject({ ...checkShape, items: z.array(item) })
  .meta({ id: "ReplayCheck", description: "A check of a candidate against recordings, with its progress" });

export const replayChecks = z.strictObject({ items: z.array(replayCheckSummary) });

export type ReplayCheckView = View<typeof replayCheck>;
export type ReplayCheckSummaryView = View<typeof replayCheckSummary>;

/** What is replayed on: a source, the draft, or a version. */
export type ReplayCandidate =
  | { readonly source: WorkflowSource }
  | { readonly draft: true }
  | { readonly version: number };

export interface ReplaySelectionRequest {
  readonly last: number;
  readonly executionIds?: readonly ExecutionId[];
  readonly status?: ExecutionStatus;
  readonly version?: number;
  readonly entryPoint?: string;
  readonly perEntryPoint?: boolean;
  readonly perPath?: boolean;
}

/** Replays recordings of a workflow on a candidate. Nothing that the candidate does has an effect. */
export interface ReplayCheckService {
  /** @returns the id of the check, which has started */
  start(request: {
    readonly workflowId: WorkflowId;
    readonly candidate: ReplayCandidate;
    readonly select: ReplaySelectionRequest;
    readonly requestedBy: string;
  }): Promise<{ readonly id: string }>;
  /** @throws {DuraniumError} `replay-check-not-found` */
  get(workflowId: WorkflowId, id: string): Promise<ReplayCheckView>;
  /** Waits until the check has ended. The check is still running if the timeout expires or `signal` aborts first. */
  wait(workflowId: WorkflowId, id: string, timeoutMs: number, signal: AbortSignal): Promise<ReplayCheckView>;
  list(workflowId: WorkflowId): Promise<readonly ReplayCheckSummaryView[]>;
  /** A check that has ended stays as it is. */
  cancel(workflowId: WorkflowId, id: string): Promise<void>;
}
