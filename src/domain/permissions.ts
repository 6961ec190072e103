import { DuraniumError } from "./errors.ts";
import type { WorkflowId } from "./ids.ts";

/** The scopes of an API key. */
export const scopes = [
  "workflows:read",
  "workflows:deploy",
  "executions:run",
  "executions:read",
  "executions:manage",
  "alerts:manage",
  "schedules:manage",
  "queues:manage",
  "engines:manage",
  "secrets:write",
  "keys:manage",
  "metrics:read",
  "components:build",
] as const;

export type Scope = (typeof scopes)[number];

/** The scopes and workflows of an API key. Without `workflows`, it is valid for all workflows. */
export interface Permissions {
  readonly scopes: readonly Scope[];
  readonly workflows?: readonly WorkflowId[];
}

/** @throws {DuraniumError} `forbidden` */
export function assertScope(permissions: Permissions, scope: Scope): void {
  if (permissions.scopes.includes(scope)) return;
  throw new DuraniumError("forbidden", `API key lacks the scope ${scope}`);
}

/** @throws {DuraniumError} `forbidden` */
export function assertWorkflowAccess(permissions: Permissions, workflowId: WorkflowId): void {
  if (permissions.workflows?.includes(workflowId) ?? true) return;
  throw new DuraniumError("forbidden", `API key is not bound to workflow "${workflowId}"`);
}

/**
 * As `assertWorkflowAccess`, with a message that does not reveal the workflow: the caller may know only the execution.
 *
 * @throws {DuraniumError} `forbidden`
 */
export function assertOwner(permissions: Permissions, workflowId: WorkflowId): void {
  if (permissions.workflows?.includes(workflowId) ?? true) return;
  throw new DuraniumError("forbidden", "API key is not bound to the workflow of this execution");
}

/**
 * Checks that a key grants no more than it has itself.
 *
 * @throws {DuraniumError} `forbidden`
 */
export function assertNoEscalation(granted: Permissions, by: Permissions): void {
  for (const scope of granted.scopes) assertScope(by, scope);
  if (by.workflows === undefined) return;
  if (granted.workflows === undefined)
    throw new DuraniumError("forbidden", "API key is restricted to some workflows");
  for (const workflowId of granted.workflows) assertWorkflowAccess(by, workflowId);
}
