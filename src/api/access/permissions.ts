import { DuraniumError } from "../../domain/errors.ts";
import { parseExecutionId } from "../../domain/ids.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import { assertOwner, assertScope, assertWorkflowAccess } from "../../domain/permissions.ts";
import type { Permissions } from "../../domain/permissions.ts";
import type { ApiContext } from "../contract/context.ts";
import type { ExecutionService } from "../contract/services.ts";
import type { Route } from "../http/route.ts";

/** Tells whose an execution is. */
export type ExecutionOwners = Pick<ExecutionService, "workflowOf">;

/**
 * Whether the key of a request opens a route: by its scope, and by what the path names where the key is bound to
 * workflows.
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
 * The only workflows that the answer may be about; all where `undefined`.
 *
 * @param asked where given, the only one that the request is about
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
  // What is no id is none of the workflows that the key is for.
  if (workflowId !== undefined) return assertWorkflowAccess(apiKey, workflowId as WorkflowId);
  if (executionId !== undefined && workflowOf !== undefined)
    return assertOwner(apiKey, await workflowOf(parseExecutionId(executionId)));
  throw new DuraniumError("forbidden", "The API key may not do this: it is for some workflows only");
}
