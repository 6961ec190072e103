import { z } from "zod";
import type { Page, PageRequest } from "../../base/page.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { alertIncident } from "./alert.ts";
import { executionId, timestamp, versionNumber, workflowId } from "./fields.ts";
import { queue } from "./queue.ts";
import type { View } from "./wire.ts";

export const overviewWindows = ["PT1H", "PT24H", "P7D"] as const;

export type OverviewWindow = (typeof overviewWindows)[number];

const countsShape = {
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  skipped: z.int().meta({ description: "Executions that flow control ended before they ran" }),
  failureRate: z.number().nullable().meta({
    description: "Failed among completed and failed executions, from 0 to 1; null without any",
  }),
  p50Ms: z.int().exactOptional().meta({ description: "Median time from start to end, waiting included" }),
  p95Ms: z.int().exactOptional(),
};

const problem = z.strictObject({
  severity: z.enum(["warning", "critical"]),
  message: z.string(),
  workflowId: workflowId.exactOptional(),
});

const failingWorkflow = z.strictObject({
  workflowId,
  completed: z.int(),
  failed: z.int(),
  failureRate: z.number(),
  lastFailure: z
    .strictObject({
      executionId,
      failureId: z.string(),
      endedAt: timestamp,
      name: z.string(),
      message: z.string(),
    })
    .exactOptional()
    .meta({ description: "Absent if its execution was deleted" }),
});

const recentDeploy = z.strictObject({
  workflowId,
  version: versionNumber,
  deployedAt: timestamp,
  deployedBy: z.string(),
  note: z.string().exactOptional(),
});

export const overview = z
  .strictObject({
    window: z.enum(overviewWindows),
    from: timestamp,
    to: timestamp,
    slotMs: z.int(),
    health: z.strictObject({
      status: z.enum(["ok", "warning", "critical"]),
      problems: z.array(problem),
    }),
    runs: z.strictObject(countsShape).meta({ description: "Executions that ended within the window" }),
    slots: z
      .array(z.strictObject({ at: timestamp, ...countsShape }))
      .meta({ description: "The same for each slot of `slotMs`" }),
    current: z
      .strictObject({
        scheduled: z.int(),
        queued: z.int(),
        running: z.int(),
        suspended: z.int(),
        retrying: z.int(),
        paused: z.int(),
      })
      .meta({ description: "Executions that have not ended, by status" }),
    waiting: z
      .strictObject({ callbacks: z.int(), events: z.int() })
      .meta({ description: "Suspended executions that wait for a callback or an event" }),
    queues: z.strictObject({ running: z.int(), queued: z.int(), items: z.array(queue) }).meta({
      description:
        "The executions that hold slots and that wait, in all queues; and the queues in which some wait or that are stopped, " +
        "the longest first, 10 at most",
    }),
    schedules: z
      .array(
        z.strictObject({
          id: z.string().meta({ description: "The ID of the schedule" }),
          workflowId,
          at: timestamp,
        }),
      )
      .meta({ description: "The schedules that run next, 10 at most" }),
    failing: z.array(failingWorkflow).meta({
      description: "Workflows with failures within the window, most failures first, 10 at most",
    }),
    incidents: z.array(alertIncident).meta({ description: "Open incidents of alerts, 20 at most" }),
    deploys: z.array(recentDeploy).meta({ description: "The latest deploys, 10 at most" }),
  })
  .meta({ id: "Overview" });

/** The state of the installation. */
export type Overview = View<typeof overview>;

export interface OverviewService {
  /** @param workflowIds if given, restricts the figures to these workflows */
  read(window: OverviewWindow, workflowIds: readonly WorkflowId[] | undefined): Promise<Overview>;
}

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
