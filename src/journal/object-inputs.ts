import type { CurrentVersion, Version, WorkflowSource } from "../domain/workflow.ts";
import type { PostedSignal } from "./signals.ts";

/** The inputs of the Virtual Objects' handlers, as their callers send them. */

export interface DeployInput {
  readonly source: WorkflowSource;
  readonly deployedBy: string;
  /** Absent in deploys of the release before. */
  readonly isOfOwner?: boolean;
  readonly note?: string;
}

export type DeployOutput = Version & { readonly unchanged: boolean };

/** What is handed over to an execution. */
interface Posted extends PostedSignal {
  /** It keeps the steps of another one, and with them what that one was sent. */
  readonly reusesSteps: boolean;
  /** How many bytes `value` has as JSON; absent in what earlier releases handed over, whose journals do not count them. */
  readonly bytes?: number;
}

/** An event as it is handed over. `now`: when it was posted, in milliseconds since the Unix epoch. */
export interface EventInput extends Posted {
  readonly name: string;
}

export interface CallbackInput extends Posted {
  readonly callback: number;
}

/** The state of the Virtual Object `Workflow`: the version that new executions get. */
export type WorkflowObjectState = { current: CurrentVersion };
