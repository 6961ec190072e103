import type { JsonText, JsonValue } from "../../base/json.ts";
import { mergeFlow } from "../../domain/automation/flow-settings.ts";
import type { FlowSettings, RateLimitSettings } from "../../domain/automation/flow-settings.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { queueLimitsOf, rateKeyOf } from "../../domain/flow/flow-plan.ts";
import { workflowQueue } from "../../domain/flow/queue-id.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import { maxPayloadBytes } from "../../domain/limits.ts";
import { queueObjectName } from "../../journal/object-names.ts";
import type { ReserveInput } from "../../journal/queue-inputs.ts";
import { readCurrentFlow } from "../../read-model/queries.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import type { VersionStore } from "../../stores/versions.ts";
import type { WorkflowSettingsStore } from "../../stores/workflow-settings.ts";

export interface RateTokenOptions {
  readonly restate: Pick<RestateClient, "query" | "call">;
  readonly settings: Pick<WorkflowSettingsStore, "get">;
  readonly versions: Pick<VersionStore, "declaresRejection">;
}

/**
 * Takes a token of a workflow's rate limit with the mode `reject`, before an execution is accepted. Returns false if the
 * workflow has no such limit.
 *
 * @throws {DuraniumError} `rate-limited`, with the time until the next token
 */
export async function takeRateToken(
  { restate, settings, versions }: RateTokenOptions,
  request: { readonly workflowId: WorkflowId; readonly payload: JsonText; readonly entryPoint?: string },
): Promise<boolean> {
  const { workflowId } = request;
  const { flow: own } = await settings.get(workflowId);
  const isRejecting = own?.rateLimit?.mode === "reject" || (await versions.declaresRejection(workflowId));
  if (!isRejecting) return false;
  const flow = mergeFlow(await readCurrentFlow(restate, workflowId), own);
  if (flow?.rateLimit?.mode !== "reject") return false;
  const input = reserveInput(flow, flow.rateLimit, request);
  const target = { object: queueObjectName, key: workflowQueue(workflowId), handler: "reserve" };
  const answer = (await restate.call(target, input)) as
    | { readonly taken: true }
    | { readonly retryAt: number };
  if ("taken" in answer) return true;
  const retryAfterSeconds = Math.max(1, Math.ceil((answer.retryAt - Date.now()) / 1_000));
  throw new DuraniumError(
    "rate-limited",
    `Cannot execute workflow "${workflowId}": its rate limit of ${flow.rateLimit.limit} executions in ` +
      `${flow.rateLimit.period} is exceeded; try again in ${retryAfterSeconds} s`,
    { retryAfterSeconds },
  );
}

function reserveInput(
  flow: FlowSettings,
  rateLimit: RateLimitSettings,
  { payload, entryPoint }: { readonly payload: JsonText; readonly entryPoint?: string },
): ReserveInput {
  const source = {
    payload: rateLimit.key === undefined ? null : (JSON.parse(payload) as JsonValue),
    entryPoint,
  };
  return {
    key: rateKeyOf(rateLimit, source),
    limits: { limits: queueLimitsOf(flow, maxPayloadBytes), at: Date.now() },
  };
}
