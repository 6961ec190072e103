import type { WorkflowId } from "../ids.ts";

/** While a workflow is paused, its new executions wait in the queue of the workflow. */
export interface WorkflowPause {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** The name of the API key. */
  readonly by: string;
  readonly note?: string;
  /** True if executions that had started are paused as well, each at its next step. */
  readonly running: boolean;
}

/** Describes a pause for people: `workflow "order-sync" is paused by ops: database maintenance`. */
export function pauseText(workflowId: WorkflowId, { by, note }: Pick<WorkflowPause, "by" | "note">): string {
  return `workflow "${workflowId}" is paused by ${by}${note === undefined ? "" : `: ${note}`}`;
}
