import { randomUUID } from "node:crypto";
import type { Step } from "../../api/contract/execution.ts";
import type { ForkRequest, StepAnswer } from "../../api/contract/fork.ts";
import type { ExecutionService } from "../../api/contract/services.ts";
import type { JsonValue } from "../../base/json.ts";
import { toJsonText } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { isFinal } from "../../domain/execution.ts";
import type { Caller } from "../../domain/execution.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { callerHeaders, tagHeaders } from "../../journal/input-headers.ts";
import { executeInputText } from "../../journal/execute-input.ts";
import { forkKey } from "../../journal/forks.ts";
import type { ForkInput, ReusePlan } from "../../journal/forks.ts";
import { workflowObjectName } from "../../journal/object-names.ts";
import { readExecution } from "../../read-model/execution-records.ts";
import type { ExecutionRecord } from "../../read-model/execution-records.ts";
import { findFailedStep } from "../../read-model/failed-step.ts";
import { readCurrentVersions } from "../../read-model/queries.ts";
import type { OperationEntry } from "../../read-model/journal-entries.ts";
import { ignoredAnswers, ownCommands, planReuse } from "../../read-model/reuse/reuse-plan.ts";
import { driverSteps } from "../../read-model/timeline.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import type { VersionStore } from "../../stores/versions.ts";
import type { EachUnretried } from "./each-unretried.ts";
import { checkFork } from "./fork-check.ts";
import { encodeAnswer } from "./step-answers.ts";

export interface ForkOptions {
  readonly restate: RestateClient;
  readonly versions: Pick<VersionStore, "get">;
  /** Called for each new execution. */
  readonly onAccepted: (executionId: ExecutionId) => void;
}

/**
 * Forks executions: a fork is a new execution that begins with the results of another one up to a step, on the same or another
 * version, and runs on from there. Another version is compared with the reused steps first, by replaying the execution on it. The workflow cannot distinguish it from the other execution, whose ID, seed and start time it has.
 *
 * The input of the fork names the results by their place in the other execution's journal, and has the answers that replace
 * some of them. The fork copies each result into its own journal when it reaches the step (`host/reused-steps.ts`).
 */
export function forkActions(
  options: ForkOptions,
  forEachUnretried: EachUnretried,
): Pick<ExecutionService, "fork" | "forkAll"> {
  return {
    fork: async (executionId, request, caller) =>
      await fork(options, { executionId, request, caller, key: randomUUID() }),
    forkAll: async (filter, { limit, dryRun, version }, caller) =>
      await forEachUnretried({ filter, limit, dryRun }, async (executionId) => {
        const request = { version, ...(dryRun === undefined ? {} : { dryRun }) };
        const { forkExecutionId } = await fork(options, { executionId, request, caller, key: bulkKey });
        return forkExecutionId === undefined ? {} : { forkExecutionId };
      }),
  };
}

/** Requests of several processes at the same time fork an execution once. */
const bulkKey = "bulk";

interface NewFork {
  readonly executionId: ExecutionId;
  readonly request: ForkRequest;
  readonly caller: Caller;
  /** Two requests with the same key create one fork. */
  readonly key: string;
}

async function fork(
  options: ForkOptions,
  { executionId, request, caller, key }: NewFork,
): Promise<{ readonly forkExecutionId?: ExecutionId; readonly version: number }> {
  const { restate, onAccepted } = options;
  const record = await readExecution(restate, executionId);
  const { workflowId, entryPoint } = record.detail;
  // The fork sets its workflow's tags itself.
  const { tags = [] } = record.timeline;
  const version = await versionOf(options, record, request.version);
  const { plan, commands } = await planOf(restate, record, request);
  const input: ForkInput = { start: startOf(record), plan };
  // With another payload or other answers, the workflow is meant to do something else.
  const repeatsRequests = request.payload === undefined && request.answers === undefined;
  if (version !== record.detail.version && repeatsRequests)
    await checkFork(restate, { executionId, version, plan, commands });
  if (request.dryRun === true) return { version };
  const target = { object: workflowObjectName, key: workflowId, handler: "execute" };
  const payload = toJsonText(request.payload === undefined ? record.detail.input : request.payload);
  const text = await executeInputText({ entryPoint, version, fork: input, payload });
  const sent = await restate.send(target, text, {
    idempotencyKey: forkKey(executionId, key),
    headers: { ...callerHeaders(caller), ...tagHeaders(tags) },
  });
  onAccepted(sent.executionId);
  return { forkExecutionId: sent.executionId, version };
}

function startOf({ detail, timeline }: ExecutionRecord): ForkInput["start"] {
  if (timeline.start === undefined) throw notStarted(detail.executionId);
  const { executionId, seed, now, callbackUrl } = timeline.start;
  return { executionId, seed, now, callbackUrl };
}

/** @throws {DuraniumError} `version-not-found`, `workflow-not-found` */
async function versionOf(
  { restate, versions }: ForkOptions,
  { detail: { executionId, workflowId, version } }: ExecutionRecord,
  requested: ForkRequest["version"],
): Promise<number> {
  if (version === undefined) throw notStarted(executionId);
  if (requested === "same") return version;
  if (requested === "current") return await currentVersionOf(restate, workflowId);
  return (await versions.get(workflowId, requested)).version;
}

async function currentVersionOf(restate: RestateClient, workflowId: WorkflowId): Promise<number> {
  const version = (await readCurrentVersions(restate, [workflowId])).get(workflowId);
  if (version !== undefined) return version;
  throw new DuraniumError("workflow-not-found", `Workflow "${workflowId}" has no current version`);
}

async function planOf(
  restate: RestateClient,
  record: ExecutionRecord,
  { fromStep, answers = [], payload }: ForkRequest,
): Promise<{ readonly plan: ReusePlan; readonly commands: readonly OperationEntry[] }> {
  const { executionId } = record.detail;
  const repeatedStep = fromStep === undefined ? await failedStepOf(restate, record) : fromStep;
  if (fromStep !== undefined) stepOf(record, fromStep);
  const encoded = new Map(answers.map((answer) => encodedAnswer(record, answer)));
  const { entries } = record;
  const reuse = { repeatedStep, answers: encoded };
  assertUsed(record, answers, ignoredAnswers(executionId, entries, reuse));
  const plan = planReuse(executionId, entries, reuse);
  const commands = ownCommands(entries);
  return { plan: payload === undefined ? plan : withoutBatch(plan), commands };
}

/** Another payload replaces the payloads that flow control granted as a batch, too. */
function withoutBatch({ granted, ...plan }: ReusePlan): ReusePlan {
  return granted === undefined ? plan : { ...plan, granted: { now: granted.now } };
}

/** The failed step; undefined if the execution failed in its own code or was cancelled. */
async function failedStepOf(
  restate: RestateClient,
  { detail, timeline }: ExecutionRecord,
): Promise<number | undefined> {
  const { executionId, status } = detail;
  if (!isFinal(status) || status === "completed") {
    throw new DuraniumError(
      "invalid-request",
      `Cannot fork execution "${executionId}" without \`fromStep\`: it has not failed. Name the step from which the fork runs on`,
    );
  }
  if (status !== "failed") return undefined;
  return (await findFailedStep(restate, executionId, timeline))?.step.index;
}

/** @throws {DuraniumError} `step-not-found`, also for what the driver did after the workflow had returned */
function stepOf({ detail: { executionId, steps } }: ExecutionRecord, index: number): Step {
  const end = steps.findIndex(({ name }) => driverSteps.has(name));
  const step = steps.slice(0, end < 0 ? steps.length : end).find((each) => each.index === index);
  if (step !== undefined) return step;
  throw new DuraniumError("step-not-found", `Execution "${executionId}" has no step ${index}`);
}

function encodedAnswer(record: ExecutionRecord, answer: StepAnswer): readonly [number, JsonValue] {
  const step = stepOf(record, answer.step);
  return [step.index, encodeAnswer(step, answer, step.endedAt ?? Date.now())];
}

/** @throws {DuraniumError} `invalid-request` if an answer would be ignored */
function assertUsed(
  { detail: { executionId, steps } }: ExecutionRecord,
  answers: readonly StepAnswer[],
  ignored: readonly number[],
): void {
  const [twice] = answers.filter(({ step }, at) => answers.findIndex((other) => other.step === step) < at);
  if (twice !== undefined)
    throw unusableAnswers(executionId, `\`answers\` has several answers to step ${twice.step}`);
  if (ignored.length === 0) return;
  const names = ignored.map(
    (index) => `step ${index} ("${steps.find((step) => step.index === index)?.name}")`,
  );
  throw unusableAnswers(
    executionId,
    `the answer to ${names.join(" and to ")} would be ignored. Answer \`fromStep\` itself or steps whose results the fork reuses: other steps run again`,
  );
}

function unusableAnswers(executionId: ExecutionId, problem: string): DuraniumError {
  return new DuraniumError("invalid-request", `Cannot fork execution "${executionId}": ${problem}`);
}

function notStarted(executionId: ExecutionId): DuraniumError {
  return new DuraniumError(
    "execution-not-started",
    `Cannot fork execution "${executionId}": it has not started`,
  );
}
