import type { JsonValue } from "#base/json.ts";
import { api } from "../../api.ts";

export interface ExecuteRequest {
  readonly workflowId: string;
  readonly payload: JsonValue;
  readonly entryPoint: string;
  /** Empty if there is none. */
  readonly idempotencyKey: string;
  /** When it starts; at once without either. */
  readonly delay?: string;
  readonly at?: string;
}

/** The query parameters of a request. */
export function executeQuery({ entryPoint, delay, at }: ExecuteRequest) {
  return {
    ...(entryPoint === "" ? {} : { "entry-point": entryPoint }),
    ...(delay === undefined ? {} : { delay }),
    ...(at === undefined ? {} : { at }),
  };
}

/** The result of a request to execute. */
export interface Started {
  readonly executionId: string;
  /** Whether the idempotency key returned an existing execution. */
  readonly isReplayed: boolean;
}

/** Starts an execution of the current version. */
export async function beginExecution(request: ExecuteRequest): Promise<Started> {
  const { workflowId, payload, idempotencyKey } = request;
  const { body, response } = await api.send("post", "/workflows/{workflowId}/execute", {
    params: {
      path: { workflowId },
      query: executeQuery(request),
      header: idempotencyKey === "" ? {} : { "idempotency-key": idempotencyKey },
    },
    body: payload,
  });
  return {
    executionId: body.executionId,
    isReplayed: response.headers.get("idempotency-replayed") === "true",
  };
}

export async function cancelExecution(executionId: string): Promise<void> {
  await api.post("/executions/{executionId}/cancel", { params: { path: { executionId } } });
}

/** Returns the ID of the new execution. */
export async function retryExecution(executionId: string, from: "start" | "failed-step"): Promise<string> {
  const retried = await api.post("/executions/{executionId}/retry", {
    params: { path: { executionId } },
    body: { from, version: "same" },
  });
  return retried.executionId;
}
