import type { WorkflowContext } from "@duranium/workflow";

/** An evaluated workflow. */
export interface Workflow {
  readonly run: (ctx: WorkflowContext, payload: unknown) => unknown;
  /** The stack frame of `run`, used for failures without frames. Empty if its position is unknown. */
  readonly runStack: string;
  readonly unhandledRejections: UnhandledRejections;
  readonly declared: Declared;
}

/**
 * The effect of an unhandled rejection: it fails the execution, or is only written to the console. The names are
 * Node's.
 */
export type UnhandledRejections = "throw" | "warn";

/** What a workflow exports for the host to read when it is deployed. The values are the author's and unchecked. */
export interface Declared {
  readonly schedules?: unknown;
  readonly flow?: unknown;
}
