import { isDeepStrictEqual } from "node:util";
import type { EndedExecution, ExecutionDetail } from "../../api/contract/execution.ts";
import type { ExecuteRequest, ExecutionService } from "../../api/contract/services.ts";
import { startDeadline } from "../../base/concurrency/deadline.ts";
import { DuraniumError, errorCatalogue } from "../../domain/errors.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { acceptedHeaders, callerHeaders, tagHeaders } from "../../journal/input-headers.ts";
import { executeInputText } from "../../journal/execute-input.ts";
import { workflowObjectName } from "../../journal/object-names.ts";
import { executionFailureOf } from "../../journal/restate-failure.ts";
import { readExecution } from "../../read-model/execution-records.ts";
import { readStarts } from "../../read-model/execution-starts.ts";
import type { InvocationEnd, RestateClient } from "../../restate/client/restate-client.ts";
import type { WorkflowStore } from "../../stores/workflows.ts";
import type { StartedVersions } from "../../telemetry/started-versions.ts";
import { takeRateToken } from "../queues/rate-token.ts";
import type { RateTokenOptions } from "../queues/rate-token.ts";
import type { PayloadThrottle } from "./payload-throttle.ts";

export interface StartOptions extends Pick<RateTokenOptions, "settings" | "versions"> {
  readonly restate: RestateClient;
  readonly workflows: Pick<WorkflowStore, "get">;
  readonly payloadThrottle: PayloadThrottle;
  /** Versions of executions that started in this process recently. */
  readonly versionOf: StartedVersions["versionOf"];
  /** Called for each execution that Restate accepted. */
  readonly onAccepted: (executionId: ExecutionId) => void;
}

/** Starts executions, and waits for their end. */
export function startActions(options: StartOptions): Pick<ExecutionService, "execute" | "wait"> {
  const { restate, workflows, payloadThrottle, onAccepted } = options;
  return {
    async execute(request, signal) {
      const { workflowId, entryPoint, payload, idempotencyKey, caller, startAt } = request;
      await workflows.get(workflowId);
      const target = { object: workflowObjectName, key: workflowId, handler: "execute" };
      const headers = { ...callerHeaders(caller), ...tagHeaders(request.tags ?? []) };
      const createdAt = Date.now();
      await payloadThrottle.wait(workflowId, payload.length, signal);
      const delayMs = delayUntil(startAt);
      // A rate limit applies to a scheduled execution when it starts.
      const hasToken = delayMs === 0 && (await takeRateToken(options, request));
      const input = await executeInputText({ entryPoint, payload, hasToken });
      const sent = await restate.send(target, input, {
        idempotencyKey,
        headers: { ...headers, ...acceptedHeaders(delayMs) },
        delayMs,
      });
      if (!sent.replayed) {
        // A scheduled execution is no load before its time.
        if (delayMs === 0) onAccepted(sent.executionId);
        return { ...sent, createdAt };
      }
      if (request.isSameByKey !== true)
        assertSameRequest(await readEnded(restate, sent.executionId), request);
      return sent;
    },
    async wait({ executionId, createdAt }, { workflowId, entryPoint }, timeoutMs, signal) {
      using deadline = startDeadline(signal, timeoutMs);
      const end = await waitForEnd(restate, executionId, deadline.signal);
      if (end === undefined) return undefined;
      if (createdAt === undefined) return await readEnded(restate, executionId);
      const endedAt = Date.now();
      const version = options.versionOf(executionId) ?? (await readVersion(restate, executionId));
      return {
        executionId,
        workflowId,
        ...(version === undefined ? {} : { version }),
        ...(entryPoint === undefined ? {} : { entryPoint }),
        ...outcomeOf(end),
        createdAt,
        modifiedAt: endedAt,
        completedAt: endedAt,
      };
    },
  };
}

/** Milliseconds until a time; 0 if it has passed. */
function delayUntil(startAt: number | undefined): number {
  return startAt === undefined ? 0 : Math.max(0, Math.ceil(startAt - Date.now()));
}

async function readEnded(restate: RestateClient, executionId: ExecutionId): Promise<ExecutionDetail> {
  return (await readExecution(restate, executionId)).detail;
}

/** An idempotency key must be repeated with the same request: anything else is a mistake of the caller. */
function assertSameRequest(known: ExecutionDetail, asked: ExecuteRequest): void {
  const isSame =
    known.entryPoint === asked.entryPoint && isDeepStrictEqual(known.input, JSON.parse(asked.payload));
  // An execution that has not started has no journal to compare with.
  if (isSame || known.status === "scheduled") return;
  throw new DuraniumError(
    "idempotency-conflict",
    `The idempotency key belongs to execution "${known.executionId}", which has another payload or entry point`,
  );
}

/** How the execution ended; `undefined` if `signal` aborts first. */
async function waitForEnd(
  restate: RestateClient,
  executionId: ExecutionId,
  signal: AbortSignal,
): Promise<InvocationEnd | undefined> {
  try {
    return await restate.attach(executionId, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return undefined;
  }
}

/** The outcome in the form of the execution's detail. */
function outcomeOf(end: InvocationEnd): Pick<EndedExecution, "status" | "result" | "failure"> {
  if ("value" in end) return { status: "completed", result: end.value };
  return { status: endStatusOf(end.failure.code), failure: executionFailureOf(end.failure) };
}

function endStatusOf(code: number): "cancelled" | "skipped" | "failed" {
  if (code === errorCatalogue.skipped.status) return "skipped";
  return code === errorCatalogue.cancelled.status ? "cancelled" : "failed";
}

/** An execution that was cancelled before its start has no version. */
async function readVersion(restate: RestateClient, executionId: ExecutionId): Promise<number | undefined> {
  return (await readStarts(restate, [executionId])).get(executionId)?.version;
}
