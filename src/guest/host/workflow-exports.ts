import type { WorkflowContext } from "@duranium/workflow";

/** A workflow that was loaded. */
export interface Workflow {
  readonly run: (ctx: WorkflowContext, payload: unknown) => unknown;
  /** The frame of `run`, or nothing where its place is not known: the stack of failures that have none. */
  readonly runStack: string;
  readonly unhandledRejections: UnhandledRejections;
}

/** What a rejection that nothing handles does: it fails the execution, or is only a line of the console. Named as in Node. */
export type UnhandledRejections = "throw" | "warn";
