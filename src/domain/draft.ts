import type { WorkflowId } from "./ids.ts";
import type { WorkflowSource } from "./workflow.ts";

/** A source that is being edited and not deployed. Each workflow has at most one, also before its first version. */
export interface Draft extends DraftFacts {
  readonly source: WorkflowSource;
}

/** A draft without its source. */
export interface DraftFacts {
  readonly workflowId: WorkflowId;
  /** Changes with each save, even if the source does not. */
  readonly revision: string;
  /** Milliseconds since the Unix epoch. */
  readonly updatedAt: number;
  /** Name of the API key that saved it. */
  readonly updatedBy: string;
}

/** The revision that a client expects when it saves a draft: one of these, any, or none. */
export type ExpectedDraft = readonly string[] | "any" | "none";

/** `conflict`: the stored draft is not the expected one, or no longer exists. */
export type SavedDraft =
  | { readonly saved: DraftFacts; readonly conflict?: never }
  | { readonly saved?: never; readonly conflict: DraftFacts | "gone" };

/** @param current the stored revision */
export function isExpectedDraft(current: DraftFacts | undefined, expected: ExpectedDraft): boolean {
  if (expected === "none") return current === undefined;
  if (current === undefined) return false;
  return expected === "any" || expected.includes(current.revision);
}
