import type { WorkflowId } from "./ids.ts";
import type { WorkflowSource } from "./workflow.ts";

/** What somebody writes and has not deployed: one for each workflow, of which there may be no version yet. */
export interface Draft extends DraftFacts {
  readonly source: WorkflowSource;
}

/** A draft without its source. */
export interface DraftFacts {
  readonly workflowId: WorkflowId;
  /** Another one each time that the draft is saved, whatever it is saved with. */
  readonly revision: string;
  /** Milliseconds since the Unix epoch. */
  readonly updatedAt: number;
  /** Name of the API key that saved it. */
  readonly updatedBy: string;
}

/** What somebody who saves a draft believes to be there: one of these revisions, whichever there is, or none. */
export type ExpectedDraft = readonly string[] | "any" | "none";

/** @param current what there is */
export function isExpectedDraft(current: DraftFacts | undefined, expected: ExpectedDraft): boolean {
  if (expected === "none") return current === undefined;
  if (current === undefined) return false;
  return expected === "any" || expected.includes(current.revision);
}
