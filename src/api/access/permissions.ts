import { DuraniumError } from "../../domain/errors.ts";
import { parseExecutionId } from "../../domain/ids.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import { assertOwner, assertScope, assertWorkflowAccess } from "../../domain/permissions.ts";
import type { Permissions } from "../../domain/permissions.ts";
import type { ApiContext } from "../contract/context.ts";
import type { ExecutionService } from "../contract/services.ts";
import type { Route } from "../http/route.ts";

/** Looks up the workflow of an execution. */
export type ExecutionOwners = Pick<ExecutionService, "workflowOf">;

/**
 * Asserts that the key of a request may use a route: by its scope, and, for a key that is bound to workflows, by the
 * workflow or execution in the path.
 *
 * @throws {DuraniumError} `forbidden`
 */
export async function assertPermission(
  { access, filtersByWorkflow }: Pick<Route, "access" | "filtersByWorkflow">,
  context: ApiContext,
  owners: Partial<ExecutionOwners>,
): Promise<void> {
  if (access === "public" || access === "any-key") return;
  const apiKey = context.get("apiKey");
  assertScope(apiKey, access);
  if (apiKey.workflows === undefined || filtersByWorkflow === true) return;
  await assertWorkflowNamed(apiKey, context, owners);
}

/**
 * The only workflows that the response may include; `undefined` means all.
 *
 * @param asked the only workflow that the request is about, if given
 */
export function workflowsOf(context: ApiContext, asked?: WorkflowId): readonly WorkflowId[] | undefined {
  const { workflows } = context.get("apiKey");
  if (asked === undefined) return workflows;
  return workflows === undefined || workflows.includes(asked) ? [asked] : [];
}

async function assertWorkflowNamed(
  apiKey: Permissions,
  context: ApiContext,
  { workflowOf }: Partial<ExecutionOwners>,
): Promise<void> {
  const { workflowId, executionId } = context.req.param() as Record<string, string | undefined>;
  // An invalid ID is not among the workflows of the key.
  if (workflowId !== undefined) return assertWorkflowAccess(apiKey, workflowId as WorkflowId);
  if (executionId !== undefined && workflowOf !== undefined)
    return assertOwner(apiKey, await workflowOf(parseExecutionId(executionId)));
  throw new DuraniumError("forbidden", "The API key may not do this: it is for some workflows only");
}
