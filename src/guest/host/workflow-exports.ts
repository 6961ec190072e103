import type { WorkflowContext } from "@duranium/workflow";

/** An evaluated workflow. */
export interface Workflow {
  readonly run: (ctx: WorkflowContext, payload: unknown) => unknown;
  /** The stack frame of `run`, used for failures without frames. Empty if its position is unknown. */
  readonly runStack: string;
  readonly unhandledRejections: UnhandledRejections;
}

/**
 * The effect of an unhandled rejection: it fails the execution, or is only written to the console. The names are
 * Node's.
 */
export type UnhandledRejections = "throw" | "warn";
