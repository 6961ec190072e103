import { DuraniumError } from "./errors.ts";
import type { WorkflowId } from "./ids.ts";

/** What a key may be allowed to do. */
export const scopes = [
  "workflows:read",
  "workflows:deploy",
  "executions:run",
  "executions:read",
  "executions:manage",
  "secrets:write",
  "keys:manage",
  "metrics:read",
  "components:build",
] as const;

export type Scope = (typeof scopes)[number];

/** What a key opens: what may be done, and to which workflows; to all where `workflows` is absent. */
export interface Permissions {
  readonly scopes: readonly Scope[];
  readonly workflows?: readonly WorkflowId[];
}

/** @throws {DuraniumError} `forbidden` */
export function assertScope(permissions: Permissions, scope: Scope): void {
  if (permissions.scopes.includes(scope)) return;
  throw new DuraniumError("forbidden", `The API key may not do this: it lacks the scope ${scope}`);
}

/** @throws {DuraniumError} `forbidden` */
export function assertWorkflowAccess(permissions: Permissions, workflowId: WorkflowId): void {
  if (permissions.workflows?.includes(workflowId) ?? true) return;
  throw new DuraniumError("forbidden", `The API key may not do this: it is not for workflow "${workflowId}"`);
}

/**
 * As `assertWorkflowAccess`, where whoever asks does not know yet which workflow it is about, and is not to find out.
 *
 * @throws {DuraniumError} `forbidden`
 */
export function assertOwner(permissions: Permissions, workflowId: WorkflowId): void {
  if (permissions.workflows?.includes(workflowId) ?? true) return;
  throw new DuraniumError(
    "forbidden",
    "The API key may not do this: it is not for the workflow of this execution",
  );
}

/**
 * Nobody gives away more than they have.
 *
 * @throws {DuraniumError} `forbidden`
 */
export function assertNoEscalation(granted: Permissions, by: Permissions): void {
  for (const scope of granted.scopes) assertScope(by, scope);
  if (by.workflows === undefined) return;
  if (granted.workflows === undefined)
    throw new DuraniumError("forbidden", "The API key may not do this: it is not for all workflows");
  for (const workflowId of granted.workflows) assertWorkflowAccess(by, workflowId);
}
