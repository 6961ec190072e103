import { z } from "zod";
import type { Page, PageRequest } from "../../base/page.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { executionId, timestamp, versionNumber, workflowId } from "./fields.ts";
import type { View } from "./wire.ts";

export const failureGroup = z
  .strictObject({
    failureId: z.string().meta({ description: "The ID of the cause", examples: ["9f86d081884c7d65"] }),
    workflowId,
    code: z.string().meta({ examples: ["workflow-failed"] }),
    name: z.string().meta({ examples: ["TypeError"] }),
    message: z.string().meta({ description: "The message of the latest execution, shortened" }),
    at: z
      .strictObject({ file: z.string(), line: z.int() })
      .exactOptional()
      .meta({ description: "The innermost frame in the author's files" }),
    count: z.int().meta({ description: "The number of retained executions that failed for this cause" }),
    firstSeen: timestamp,
    lastSeen: timestamp,
    versions: z.array(versionNumber).meta({ description: "The versions that failed" }),
    sample: executionId.meta({ description: "The latest of these executions" }),
    lastExecutions: z
      .array(executionId)
      .meta({ description: "The latest of these executions, newest first" }),
  })
  .meta({ id: "FailureGroup" });

/** All executions that failed for the same cause. */
export type FailureView = View<typeof failureGroup>;

export type FailurePosition = readonly [lastSeen: number, failureId: string];

export interface FailureScope {
  readonly workflowIds: readonly WorkflowId[] | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly since?: number | undefined;
}

/** Failures of the retained executions by cause. */
export interface FailureService {
  /** The one that was seen last first. */
  list(scope: FailureScope, page: PageRequest<FailurePosition>): Promise<Page<FailureView, FailurePosition>>;
  /**
   * The executions of a group, newest first.
   *
   * @throws {DuraniumError} `failure-not-found`
   */
  executions(failureId: string, scope: FailureScope, limit: number): Promise<readonly ExecutionId[]>;
}
