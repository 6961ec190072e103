import { DuraniumError } from "../../domain/errors.ts";
import { parseQueueId, workflowOfQueue } from "../../domain/flow/queue-id.ts";
import { parseExecutionId, parseWorkflowId } from "../../domain/ids.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { ApiKeyView } from "../contract/api-key.ts";
import type { ApiContext } from "../contract/context.ts";
import { maxAuditSubjectLength } from "../contract/limits.ts";
import type { AuditLog } from "../contract/services.ts";
import type { Route } from "../http/route.ts";
import type { ClientAddress } from "./client-address.ts";
import type { ExecutionOwners } from "./permissions.ts";

export interface AuditOptions extends Partial<ExecutionOwners> {
  readonly audit: Pick<AuditLog, "add">;
  readonly clientAddress: ClientAddress;
}

/**
 * Answers the request, and records changes and denied attempts. Invalid requests changed nothing and are not recorded.
 * Handlers of public routes set the actor themselves.
 */
export async function audited(
  { operationId, isAudited }: Pick<Route, "operationId" | "isAudited">,
  context: ApiContext,
  { audit, clientAddress, workflowOf }: AuditOptions,
  answer: () => Promise<Response>,
): Promise<Response> {
  // Looked up before the response, because a purge deletes the execution.
  const subjectWorkflow = isAudited === true ? workflowNamed(context, { workflowOf }) : undefined;
  const record = async (status: number, subject: string) => {
    const apiKey = context.get("apiKey") as ApiKeyView | undefined;
    if (isAudited !== true || apiKey === undefined) return;
    const { id, name } = apiKey;
    const workflowId = await subjectWorkflow;
    await audit.add({
      at: Date.now(),
      ...(workflowId === undefined ? {} : { workflowId }),
      actorId: id,
      actor: name,
      action: operationId,
      subject: subject.slice(0, maxAuditSubjectLength),
      address: clientAddress(context),
      status,
    });
  };
  try {
    const response = await answer();
    // A created resource has its path in the response.
    const made = response.headers.get("location");
    const subject = made ?? context.get("auditSubject") ?? context.req.path;
    const note = context.get("auditNote");
    if (response.ok) await record(response.status, note === undefined ? subject : `${subject} (${note})`);
    return response;
  } catch (error) {
    if (error instanceof DuraniumError && error.code === "forbidden")
      await record(error.status, context.req.path);
    throw error;
  }
}

/** The workflow that the request names, or that owns the execution or the queue it names. Invalid names are omitted. */
async function workflowNamed(
  context: ApiContext,
  { workflowOf }: { readonly workflowOf: ExecutionOwners["workflowOf"] | undefined },
): Promise<WorkflowId | undefined> {
  const { workflowId, executionId, queueId } = context.req.param() as Record<string, string | undefined>;
  try {
    if (workflowId !== undefined) return parseWorkflowId(workflowId);
    if (executionId !== undefined) return await workflowOf?.(parseExecutionId(executionId));
    if (queueId !== undefined) return workflowOfQueue(parseQueueId(queueId));
  } catch {
    // The request is rejected for the same reason.
  }
  return undefined;
}
