import { DuraniumError } from "../domain/errors.ts";
import { maxAuditSubjectLength } from "../domain/limits.ts";
import type { ClientAddress } from "./client-address.ts";
import type { ApiContext, Route } from "./route.ts";
import type { ApiKeyView, AuditService } from "./services.ts";

export interface AuditOptions {
  readonly audit: Pick<AuditService, "record">;
  readonly clientAddress: ClientAddress;
}

/**
 * Answers, and writes down who changed what, or was not allowed to. Requests that were wrong changed nothing. Public
 * routes say themselves whose key it was, if any.
 */
export async function audited(
  { operationId, isAudited }: Pick<Route, "operationId" | "isAudited">,
  context: ApiContext,
  { audit, clientAddress }: AuditOptions,
  answer: () => Promise<Response>,
): Promise<Response> {
  const record = (status: number, subject: string) => {
    const apiKey = context.get("apiKey") as ApiKeyView | undefined;
    if (isAudited !== true || apiKey === undefined) return;
    const { id, name } = apiKey;
    audit.record({
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
    // What was made has its address in the answer.
    const made = response.headers.get("location");
    if (response.ok) record(response.status, made ?? context.get("auditSubject") ?? context.req.path);
    return response;
  } catch (error) {
    if (error instanceof DuraniumError && error.code === "forbidden") record(error.status, context.req.path);
    throw error;
  }
}
