import type { WorkflowId } from "./ids.ts";

/** Selects entries of the audit log: those that match every member that is present. */
export interface AuditFilter {
  /** The name of an API key. */
  readonly actor?: string | undefined;
  /** The id of an operation in the OpenAPI document. */
  readonly action?: string | undefined;
  readonly workflowId?: WorkflowId | undefined;
  /** Milliseconds since the Unix epoch, inclusive. */
  readonly after?: number | undefined;
  /** Milliseconds since the Unix epoch, exclusive. */
  readonly before?: number | undefined;
}
