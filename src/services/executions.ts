import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type {
  ExecuteRequest,
  ExecutionService,
  RetryOutcome,
  RetryRequest,
} from "../api/contract/services.ts";
import { startDeadline } from "../base/deadline.ts";
import { toJsonText } from "../base/json.ts";
import type { JsonValue } from "../base/json.ts";
import { createSemaphore } from "../base/semaphore.ts";
import { DuraniumError, errorCatalogue } from "../domain/errors.ts";
import { isFinal } from "../domain/execution.ts";
import type { EndedExecution, ExecutionDetail } from "../domain/execution.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { maxCallbackLookupsWaiting } from "../domain/limits.ts";
import { callerHeaders } from "../journal/caller-header.ts";
import { executeInputText } from "../journal/execute-input.ts";
import type { CallbackInput, EventInput } from "../journal/object-inputs.ts";
import { executionObjectName, workflowObjectName } from "../journal/object-names.ts";
import { executionFailureOf } from "../journal/restate-failure.ts";
import { listExecutions, listUnretried } from "../read-model/execution-list.ts";
import {
  readExecution,
  readExecutionStatus,
  readStep,
  readWorkflowOf,
} from "../read-model/execution-records.ts";
import { readStarts } from "../read-model/execution-starts.ts";
import { openCallbacks } from "../read-model/open-callbacks.ts";
import { findCallbackTarget, findSignalTarget } from "../read-model/signal-targets.ts";
import type { InvocationEnd, RestateClient } from "../restate/client/restate-client.ts";
import type { KeyRing } from "../stores/data-directory/key-ring.ts";
import type { UsageStore } from "../stores/logs/usages.ts";
import type { WorkflowStore } from "../stores/workflows.ts";
import type { StartedVersions } from "../telemetry/started-versions.ts";
import { isGenuine, readToken, verifySeal } from "./callback-token.ts";
import type { CallbackToken } from "./callback-token.ts";
import type { PayloadPacing } from "./payload-pacing.ts";
import { purgeExecution } from "./retention/purge.ts";
import { lastEntryToKeep } from "./retry.ts";

export interface ExecutionServiceOptions {
  readonly restate: RestateClient;
  readonly keys: Pick<KeyRing, "open" | "has">;
  readonly workflows: Pick<WorkflowStore, "get">;
  readonly usages: Pick<UsageStore, "get">;
  readonly payloadPacing: PayloadPacing;
  /** Of those that began in this process lately. */
  readonly versionOf: StartedVersions["versionOf"];
  /** Told of each execution that Restate took. */
  readonly onAccepted: (executionId: ExecutionId) => void;
}

/** Executions, as Restate knows them: nothing about them is kept anywhere else but what they used. */
export function createExecutionService({
  restate,
  keys,
  workflows,
  usages,
  payloadPacing,
  versionOf,
  onAccepted,
}: ExecutionServiceOptions): ExecutionService {
  const verifyToken = createTokenVerifier(restate, keys);
  const readEnded = async (executionId: ExecutionId) => (await readExecution(restate, executionId)).detail;
  return {
    async get(executionId) {
      const { detail } = await readExecution(restate, executionId, { withRetries: true });
      const usage = usages.get(executionId);
      return usage === undefined ? detail : { ...detail, fuelUsed: usage.fuelUsed };
    },
    step: async (executionId, index) => await readStep(restate, executionId, index),
    callbacks: async (executionId) => {
      const { detail, timeline } = await readExecution(restate, executionId);
      return isFinal(detail.status) ? [] : openCallbacks(timeline);
    },
    statusOf: async (executionId) => await readExecutionStatus(restate, executionId),
    workflowOf: async (executionId) => await readWorkflowOf(restate, executionId),
    async execute(request) {
      const { workflowId, entryPoint, payload, idempotencyKey, caller } = request;
      workflows.get(workflowId);
      const target = { object: workflowObjectName, key: workflowId, handler: "execute" };
      const headers = callerHeaders(caller);
      const createdAt = Date.now();
      await payloadPacing.wait(workflowId, payload.length);
      const input = await executeInputText({ entryPoint, payload });
      const sent = await restate.send(target, input, { idempotencyKey, headers });
      if (!sent.replayed) {
        onAccepted(sent.executionId);
        return { ...sent, createdAt };
      }
      if (request.isSameByKey !== true) assertSameRequest(await readEnded(sent.executionId), request);
      return sent;
    },
    async wait({ executionId, createdAt }, { workflowId, entryPoint }, timeoutMs, signal) {
      using deadline = startDeadline(signal, timeoutMs);
      const end = await waitForEnd(restate, executionId, deadline.signal);
      if (end === undefined) return undefined;
      if (createdAt === undefined) return await readEnded(executionId);
      const endedAt = Date.now();
      const version = versionOf(executionId) ?? (await readVersion(restate, executionId));
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
    list: async (filter, page) => await listExecutions(restate, filter, page),
    async cancel(executionId) {
      await restate.cancel(executionId);
      await scheduleForcedCancellation(restate, executionId);
    },
    async sendEvent(executionId, name, payload) {
      const { reusesSteps } = await findSignalTarget(restate, executionId);
      const input: EventInput = { name, ...posted(payload), reusesSteps };
      await restate.call({ object: executionObjectName, key: executionId, handler: "event" }, input);
    },
    async openCallback(text) {
      const { executionId: made, callback } = await verifyToken(text);
      return async (payload) => {
        const { executionId, reusesSteps } = await findCallbackTarget(restate, made);
        const input: CallbackInput = { callback, ...posted(payload), reusesSteps };
        await restate.call({ object: executionObjectName, key: executionId, handler: "callback" }, input);
      };
    },
    pause: async (executionId) => await pause(restate, executionId),
    async resume(executionId) {
      if (isFinal(await readExecutionStatus(restate, executionId))) throw hasEnded(executionId, "resumed");
      await restate.resume(executionId);
    },
    async retry(executionId, request) {
      const again = await retry(restate, executionId, request);
      onAccepted(again);
      return { executionId: again };
    },
    async retryAll(filter, request) {
      const retried: RetryOutcome[] = [];
      for (const executionId of await listUnretried(restate, filter, request.limit)) {
        const came = await tryRetry(restate, executionId, request);
        if ("retryExecutionId" in came) onAccepted(came.retryExecutionId);
        const isOurs = "refusal" in came && came.refusal.retryable;
        if (isOurs && retried.length === 0) throw came.refusal;
        retried.push({ executionId, ...came });
        // Asking again goes on here. Failing as a whole would hide what has been restarted.
        if (isOurs) break;
      }
      return retried;
    },
    async purge(executionId) {
      if (!isFinal(await readExecutionStatus(restate, executionId))) throw notEnded(executionId, "removed");
      await purgeExecution(restate, executionId);
    },
  };
}

/** An execution that is paused or backs off is woken, so that it can clean up; one that loops is ended. */
async function scheduleForcedCancellation(restate: RestateClient, executionId: ExecutionId): Promise<void> {
  const target = { object: executionObjectName, key: executionId, handler: "enforceCancellation" };
  await restate.send(target, toJsonText(null), { idempotencyKey: "cancelled" });
  await restate.resume(executionId);
}

/**
 * Tells genuine tokens of callbacks. Those that only the journal of their execution can tell are looked up one at a time:
 * Restate reads all of a journal to find its beginning, and anyone can ask for it.
 *
 * @throws {DuraniumError} `callback-not-found`, `overloaded`
 */
function createTokenVerifier(
  restate: Pick<RestateClient, "query">,
  keys: Pick<KeyRing, "open" | "has">,
): (text: string) => Promise<CallbackToken> {
  const lookups = createSemaphore(1);
  const isInJournal = async (token: CallbackToken) => {
    if (lookups.waiting >= maxCallbackLookupsWaiting) throw tooManyLookups();
    using _permit = await lookups.take();
    const start = (await readStarts(restate, [token.executionId])).get(token.executionId);
    return start !== undefined && isGenuine(token, start.seed);
  };
  return async (text) => {
    const token = readToken(text);
    const verdict = token === undefined ? "forged" : verifySeal(keys, token);
    if (token !== undefined && verdict === "genuine") return token;
    if (token !== undefined && verdict === "unknown" && (await isInJournal(token))) return token;
    throw new DuraniumError("callback-not-found", "There is no such callback");
  };
}

function tooManyLookups(): DuraniumError {
  return new DuraniumError(
    "overloaded",
    `Cannot look the callback up: ${maxCallbackLookupsWaiting} requests wait for that already (maxCallbackLookupsWaiting)`,
  );
}

/** What is posted to an execution, and when; `bytes` counts towards its limit. */
function posted(value: JsonValue) {
  return { now: Date.now(), value, bytes: Buffer.byteLength(JSON.stringify(value)) };
}

/** How often it is looked whether a pause took hold, and how long to wait in between. */
const pauseChecks = { count: 10, intervalMs: 200 };

/**
 * Restate pauses what runs, and drops the request when the execution is suspended just then: it would wake up
 * later and go on. So one that is suspended is woken first, and it is looked whether the pause took hold. One
 * that is in the middle of an operation takes it at its end.
 */
async function pause(restate: RestateClient, executionId: ExecutionId): Promise<void> {
  for (let check = 0; check < pauseChecks.count; check++) {
    const status = await readExecutionStatus(restate, executionId);
    if (isFinal(status)) throw hasEnded(executionId, "paused");
    if (status === "paused") return;
    if (status === "suspended") await restate.resume(executionId);
    await restate.pause(executionId);
    await delay(pauseChecks.intervalMs);
  }
}

async function retry(
  restate: RestateClient,
  executionId: ExecutionId,
  request: RetryRequest,
): Promise<ExecutionId> {
  const record = await readExecution(restate, executionId);
  if (!isFinal(record.detail.status)) throw notEnded(executionId, "retried");
  return await restate.restart(executionId, await lastEntryToKeep(restate, record, request));
}

async function tryRetry(
  restate: RestateClient,
  executionId: ExecutionId,
  request: RetryRequest,
): Promise<{ readonly retryExecutionId: ExecutionId } | { readonly refusal: DuraniumError }> {
  try {
    return { retryExecutionId: await retry(restate, executionId, request) };
  } catch (error) {
    if (error instanceof DuraniumError) return { refusal: error };
    throw error;
  }
}

/** A key that comes again must come with the same request: anything else is a mistake of the caller's. */
function assertSameRequest(known: ExecutionDetail, asked: ExecuteRequest): void {
  const isSame =
    known.entryPoint === asked.entryPoint && isDeepStrictEqual(known.input, JSON.parse(asked.payload));
  // What has not begun has no journal yet, and nothing to compare with.
  if (isSame || known.status === "scheduled") return;
  throw new DuraniumError(
    "idempotency-conflict",
    `The idempotency key belongs to execution "${known.executionId}", which has another payload or entry point`,
  );
}

function notEnded(executionId: ExecutionId, verb: string): DuraniumError {
  return new DuraniumError(
    "execution-not-ended",
    `Execution "${executionId}" cannot be ${verb}: it has not ended`,
  );
}

function hasEnded(executionId: ExecutionId, verb: string): DuraniumError {
  return new DuraniumError("execution-ended", `Execution "${executionId}" cannot be ${verb}: it has ended`);
}

/** How the execution ended; `undefined` where `signal` aborts before. */
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

/** As the detail of the execution tells it. */
function outcomeOf(end: InvocationEnd): Pick<EndedExecution, "status" | "result" | "failure"> {
  if ("value" in end) return { status: "completed", result: end.value };
  const status = end.failure.code === cancelledStatus ? "cancelled" : "failed";
  return { status, failure: executionFailureOf(end.failure) };
}

const cancelledStatus = errorCatalogue.cancelled.status;

/** One that was cancelled before it began has none. */
async function readVersion(restate: RestateClient, executionId: ExecutionId): Promise<number | undefined> {
  return (await readStarts(restate, [executionId])).get(executionId)?.version;
}
