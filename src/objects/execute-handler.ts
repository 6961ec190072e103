import { randomBytes } from "node:crypto";
import type * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../base/json.ts";
import { DuraniumError } from "../domain/errors.ts";
import { defaultExecutionLimits, journaledLimits } from "../domain/execution-limits.ts";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import { planFlow, readsPayload, withPausedQueue } from "../domain/flow/flow-plan.ts";
import type { FlowPlan } from "../domain/flow/flow-plan.ts";
import { hostLimitsOf } from "../domain/flow/host-limits.ts";
import { skipText } from "../domain/flow/slot.ts";
import { mergeFlow } from "../domain/automation/flow-settings.ts";
import type { FlowSettings } from "../domain/automation/flow-settings.ts";
import { parseExecutionId, parseWorkflowId } from "../domain/ids.ts";
import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import type { LogLine } from "../domain/log-line.ts";
import type { Failure } from "../domain/outcome.ts";
import { currentOf } from "../domain/workflow.ts";
import type { StartPolicy } from "../domain/workflow-settings.ts";
import type { CurrentVersion } from "../domain/workflow.ts";
import { drive } from "../host/driver/driver.ts";
import type { DriveOptions, DriveResult } from "../host/driver/driver.ts";
import type { EndedAttempt, OperationCount } from "../host/driver/ended-attempt.ts";
import { limitLog } from "../host/driver/log-limit.ts";
import type { Guest, GuestContext } from "../host/guest.ts";
import type { Journal } from "../host/journal.ts";
import { reuseSteps } from "../host/reused-steps.ts";
import { isTraceparent } from "../host/seed/trace-context.ts";
import { reusedStepsEntry, startEntry, versionEntry } from "../journal/entry-names.ts";
import { readExecuteInput } from "../journal/execute-input.ts";
import type { ExecuteInput } from "../journal/execute-input.ts";
import type { ExecutionStart } from "../journal/execution-start.ts";
import type { ForkedStart, ForkInput, ReusePlan, ReusePlanResult } from "../journal/forks.ts";
import type { WorkflowObjectState } from "../journal/object-inputs.ts";
import { forwardedTraceparent } from "../journal/input-headers.ts";
import type { ReusedStepsSource } from "../read-model/reuse/reused-steps-source.ts";
import { terminalFailure, withRestateErrors } from "../restate/client/terminal-error.ts";
import { acceptedAtOf } from "../restate/endpoint/accepted-at.ts";
import { currentAttemptConnection } from "../restate/endpoint/attempt-connection.ts";
import type { AttemptConnection } from "../restate/endpoint/attempt-connection.ts";
import { AttemptEffects } from "../restate/endpoint/attempt-effects.ts";
import type { EffectsInFlight } from "../restate/endpoint/effects-in-flight.ts";
import { createRestateJournal } from "../restate/endpoint/restate-journal.ts";
import { createHostSlots } from "../restate/endpoint/host-slots.ts";
import type { HostSlots } from "../restate/endpoint/host-slots.ts";
import { createSlotRequests } from "../restate/endpoint/slot-requests.ts";
import type { SlotRequests } from "../restate/endpoint/slot-requests.ts";
import type { SendThrottle } from "../restate/endpoint/send-throttle.ts";
import type { VersionStore } from "../stores/versions.ts";
import type { WorkflowStore } from "../stores/workflows.ts";
import type { CrashGuard } from "./crash-guard.ts";
import { countOperation, withResultMarkers, withTurnMarkers } from "./observed-guest.ts";
import { createFlowGate } from "./queues/flow-gate.ts";
import type { Entry, FlowGate } from "./queues/flow-gate.ts";
import type { PauseGuard } from "./pauses/pause-guard.ts";

/**
 * The handler `execute` of the Virtual Object `Workflow`: one call is one attempt of an execution.
 *
 * It connects the parts that an attempt needs: a guest with the version's image, the journal over Restate, the
 * operations, and the log. The driver runs the workflow between them.
 *
 * Invariants:
 *
 * 1. The version, the seed, the start time and the limits of an execution are journaled in its first entries. Every later
 *    attempt reads them from there, whatever is deployed or configured by then.
 * 2. The guest is disposed when the attempt ends, also if the attempt is suspended and this function never returns.
 * 3. The log lines are stored before the end of the execution is journaled.
 *
 * Deliberately not here: suspending idle attempts (`attempt-connection.ts`), and ending a cancelled execution that
 * does not react (the Virtual Object `Execution`).
 */
export interface ExecuteHandlerOptions {
  readonly workflows: Pick<WorkflowStore, "get">;
  readonly versions: Pick<VersionStore, "get">;
  /** Returns a guest with the version's image. Rejects with a retryable error if no instance becomes available. */
  readonly acquire: (version: CurrentVersion, use: GuestUse) => Promise<Guest>;
  /** What the settings of the workflow mean for an execution that starts now. */
  readonly startPolicyOf: (workflowId: WorkflowId) => Promise<StartPolicy>;
  /** Maps a stack of the guest to the author's files and lines. */
  readonly mapFailure: (failure: Failure, version: CurrentVersion) => Promise<Failure>;
  readonly operations: DriveOptions["operations"];
  readonly effectsInFlight: EffectsInFlight;
  readonly sendThrottle: SendThrottle;
  readonly crashes: Pick<CrashGuard, "admit" | "markWork" | "record">;
  readonly pauses: Pick<PauseGuard, "admit" | "isPaused">;
  readonly reusedSteps: ReusedStepsSource;
  /** Called for each attempt, once its version is known. */
  readonly onStarted: (executionId: ExecutionId, version: number) => void;
  /** The prefix of the URLs of an execution's callbacks: `https://duranium.example/callbacks/…`. */
  readonly callbackUrl: (executionId: ExecutionId, seed: string) => string;
  /** Called at least once for each execution that ends. Must not throw. */
  readonly onEnded: (ended: EndOfExecution) => void;
  /** Opens the log of an execution. */
  readonly log: (executionId: ExecutionId, version: CurrentVersion) => ExecutionLog;
}

/** The end of an execution, with the version that ran and why it failed. */
export interface EndOfExecution extends EndedAttempt {
  readonly workflowId: WorkflowId;
  readonly version: number;
  readonly entryPoint: string | null;
  /** Milliseconds since the Unix epoch. Undefined for a retry from the failed step, whose `start` is that of another execution. */
  readonly startedAt: number | undefined;
  /** With its stack in the author's files. */
  readonly failed?: { readonly code: string; readonly failure: Failure };
}

export interface GuestUse {
  readonly limits: ExecutionLimits;
  /** The execution that the guest runs. */
  readonly owner: ExecutionId;
  readonly workflowId: string;
  /** Called when the thread crashed in a turn of this guest. `turn` is the number of turns before that one. */
  readonly onCrash: (turn: number) => void;
  /** Aborts when the attempt has ended. */
  readonly signal: AbortSignal;
  /**
   * Called when another execution needs the instance. Suspends the attempt as soon as it waits; if an effect in flight
   * delays that, the sandbox takes the guest away.
   */
  readonly onWanted: () => void;
}

/** Receives the console lines of one execution. Its methods do not reject, and resolve within a bounded time. */
export interface ExecutionLog {
  /** Receives the lines in order. A replay adds the same lines with the same numbers again. */
  add(line: LogLine): void;
  /** Resolves when the lines are stored, or when storing them has failed. */
  flush(): Promise<void>;
}

type Context = restate.ObjectSharedContext<WorkflowObjectState>;

export async function execute(
  ctx: Context,
  untrusted: Uint8Array,
  options: ExecuteHandlerOptions,
): Promise<JsonValue> {
  const input = await readExecuteInput(untrusted);
  const executionId = parseExecutionId(ctx.request().id);
  await options.crashes.admit(executionId);
  const current = await versionOf(ctx, input, options);
  const start = await ctx.run(startEntry, () => startOf(ctx, { current, input, ...options }));
  options.onStarted(executionId, start.version);
  const connection = currentAttemptConnection();
  const slots = createSlotRequests(ctx);
  const startedAt = start.now;
  const hostSlots = createHostSlots(slots, { workflowId: parseWorkflowId(ctx.key), startedAt });
  const { journal, reused } = await journalOf(
    ctx,
    { start, fork: input.fork },
    { ...options, connection, hostSlots },
  );
  const gate = gateOf(ctx, start, { input, connection, slots, reused });
  const entry = await enter(gate, start, reused);
  if (entry.kind === "cancelled") throw cancelled(executionId);
  if (entry.kind === "skipped") {
    options.onEnded({ ...endOf(ctx, start), outcome: "skipped", fuelUsed: 0, operations: new Map() });
    throw skipped(executionId, entry);
  }
  await admitRunning(ctx, connection, options);
  const leave = () => {
    hostSlots.leave();
    gate?.leave();
  };
  const result = await leaveAfter(leave, async () => {
    const run = { current, start, input, journal: gate?.journal(journal) ?? journal, connection, entry };
    return await runWorkflow(ctx, run, options);
  });
  if (result.kind === "completed") return result.value;
  if (result.kind === "cancelled") throw cancelled(executionId);
  throw terminalFailure(result.code, result.failure);
}

/** An execution that has passed its queues is paused with its workflow only if the pause includes running ones. */
async function admitRunning(
  ctx: Context,
  connection: AttemptConnection,
  { pauses }: Pick<ExecuteHandlerOptions, "pauses">,
): Promise<void> {
  await pauses.admit({
    executionId: parseExecutionId(ctx.request().id),
    workflowId: parseWorkflowId(ctx.key),
    suspend: () => connection.suspend(),
    ended: ctx.request().attemptCompletedSignal,
  });
}

interface WorkflowRun {
  readonly current: CurrentVersion;
  readonly start: ExecutionStart;
  readonly input: ExecuteInput;
  readonly journal: Journal;
  readonly connection: AttemptConnection;
  readonly entry: Granted;
}

/** Runs the workflow on an instance, and stores its log. A failure has its stack in the author's files. */
async function runWorkflow(
  ctx: Context,
  { current, start, input, journal, connection, entry }: WorkflowRun,
  options: ExecuteHandlerOptions,
): Promise<DriveResult> {
  const executionId = parseExecutionId(ctx.request().id);
  const limits = { ...defaultExecutionLimits, ...start.limits };
  const attemptEnded = ctx.request().attemptCompletedSignal;
  using guest = await options.acquire(current, {
    limits,
    owner: executionId,
    workflowId: ctx.key,
    onCrash: (turn) => options.crashes.record(executionId, turn),
    signal: attemptEnded,
    onWanted: () => connection.suspend(),
  });
  // The SDK never settles the promises of a suspended attempt, so `using` alone would not dispose the guest.
  attemptEnded.addEventListener("abort", () => guest[Symbol.dispose](), { once: true });
  const log = options.log(executionId, current);
  const operations = new Map<string, OperationCount>();
  const markWork = () => options.crashes.markWork(executionId)[Symbol.dispose]();
  const result = await drive({
    guest: withTurnMarkers(guest, markWork),
    journal: withResultMarkers(journal, markWork),
    operations: options.operations,
    context: guestContext(ctx, start, entry, input),
    payload: entry.batch === undefined ? input.payload : Buffer.from(JSON.stringify(entry.batch)),
    limits,
    traceparent: start.traceparent,
    hostLimits: start.hostLimits,
    log: limitLog((line) => log.add(line), limits),
    onSettled: (operation, ok) => countOperation(operations, operation, ok),
  });
  const { fuelUsed } = guest;
  // The database may be away for seconds, in which other executions use the instance.
  guest[Symbol.dispose]();
  // An execution whose end is journaled is never replayed, so lines that are not stored by now are lost with the process.
  await log.flush();
  const ended = { ...endOf(ctx, start), outcome: result.kind, fuelUsed, operations };
  if (result.kind !== "failed") {
    options.onEnded(ended);
    return result;
  }
  const { code } = result;
  const failure = await options.mapFailure(result.failure, current);
  options.onEnded({ ...ended, failed: { code, failure } });
  return { kind: "failed", code, failure };
}

/** What is known of the end of an execution when it has started. */
function endOf(
  ctx: Context,
  { version, entryPoint, executionId: startedAs, now }: ExecutionStart,
): Pick<EndOfExecution, "executionId" | "workflowId" | "version" | "entryPoint" | "startedAt"> {
  const executionId = parseExecutionId(ctx.request().id);
  const startedAt = startedAs === executionId ? now : undefined;
  return { executionId, workflowId: parseWorkflowId(ctx.key), version, entryPoint, startedAt };
}

type Granted = Extract<Entry, { readonly kind: "granted" }>;

/** Undefined if nothing limits the execution: then it makes no entry in the journal. */
function gateOf(
  ctx: Context,
  { flow, now: plannedAt, acceptedAt, executionId }: ExecutionStart,
  {
    input: { payload },
    connection,
    slots,
    reused,
  }: {
    readonly input: ExecuteInput;
    readonly connection: AttemptConnection;
    readonly slots: SlotRequests;
    readonly reused: ReusePlan | undefined;
  },
): FlowGate | undefined {
  const plan = reused?.isPaused === true ? withPausedQueue(flow, parseWorkflowId(ctx.key)) : flow;
  if (plan === undefined) return undefined;
  const cancellation = () => (ctx as unknown as restate.internal.ContextInternal).cancellation();
  return createFlowGate({
    plan,
    plannedAt,
    // A retry that reuses steps has the start of another execution.
    acceptedAt: executionId === parseExecutionId(ctx.request().id) ? acceptedAt : undefined,
    payload: () => parsePayload(payload),
    slots,
    cancellation,
    connection,
  });
}

/** A retry that reuses steps starts at the time of the retried execution, with its batch, so that it repeats its decisions. */
async function enter(
  gate: FlowGate | undefined,
  { now, flow }: ExecutionStart,
  reused: ReusePlan | undefined,
): Promise<Entry> {
  const entry: Entry = (await gate?.enter()) ?? { kind: "granted", now };
  if (entry.kind !== "granted" || reused === undefined) return entry;
  const granted = reused.granted ?? (flow === undefined ? { now } : undefined);
  return granted === undefined ? entry : { kind: "granted", ...granted };
}

/** Leaves the queues when the execution has ended. An attempt that fails and is retried keeps its slots. */
async function leaveAfter<T>(leave: () => void, run: () => Promise<T>): Promise<T> {
  try {
    const result = await run();
    leave();
    return result;
  } catch (error) {
    if (error instanceof DuraniumError && !error.retryable) leave();
    throw error;
  }
}

/** The version that the execution is pinned to: the current one, or the one that the input names. */
async function versionOf(
  ctx: Context,
  { version }: ExecuteInput,
  options: ExecuteHandlerOptions,
): Promise<CurrentVersion> {
  const workflowId = parseWorkflowId(ctx.key);
  if (version === undefined) return (await ctx.get("current")) ?? (await notDeployed(workflowId, options));
  return await ctx.run(versionEntry, () =>
    withRestateErrors(async () => {
      await options.workflows.get(workflowId);
      return currentOf(await options.versions.get(workflowId, version));
    }),
  );
}

/**
 * Throws `workflow-not-found` if the workflow was deleted. Otherwise its first deploy has recorded the version and is
 * about to set `current`, so the retryable error resolves itself.
 */
async function notDeployed(workflowId: WorkflowId, { workflows }: ExecuteHandlerOptions): Promise<never> {
  await workflows.get(workflowId);
  throw new DuraniumError("internal", `Workflow "${workflowId}" has no current version`);
}

async function startOf(
  ctx: Context,
  {
    current,
    input,
    callbackUrl,
    startPolicyOf,
    pauses,
  }: Pick<ExecuteHandlerOptions, "callbackUrl" | "startPolicyOf" | "pauses"> & {
    current: CurrentVersion;
    input: ExecuteInput;
  },
): Promise<ExecutionStart> {
  const workflowId = parseWorkflowId(ctx.key);
  const { limits, hostRates, ...policy } = await startPolicyOf(workflowId);
  const differing = journaledLimits(limits);
  const isPaused = await pauses.isPaused(workflowId);
  const flow = flowPlan(mergeFlow(current.flow, policy.flow), { workflowId, input, limits, isPaused });
  const { traceparent } = policy.sendsTraceparent ? forwardedTraceparent(ctx.request()) : {};
  const { executionId, ...seen } = input.fork?.start ?? newStart(ctx, callbackUrl);
  return {
    version: current.version,
    entryPoint: input.entryPoint ?? null,
    executionId,
    ...seen,
    ...(differing === undefined ? {} : { limits: differing }),
    ...(traceparent !== undefined && isTraceparent(traceparent) ? { traceparent } : {}),
    ...(flow === undefined ? {} : { flow, ...acceptance(ctx) }),
    ...(hostRates === undefined ? {} : { hostLimits: hostLimitsOf(hostRates) }),
  };
}

function acceptance(ctx: Context): Pick<ExecutionStart, "acceptedAt"> {
  const acceptedAt = acceptedAtOf(ctx.request(), Date.now());
  return acceptedAt === undefined ? {} : { acceptedAt };
}

function newStart(ctx: Context, callbackUrl: ExecuteHandlerOptions["callbackUrl"]): ForkedStart {
  const executionId = parseExecutionId(ctx.request().id);
  const seed = randomBytes(32).toString("hex");
  return { executionId, seed, now: Date.now(), callbackUrl: callbackUrl(executionId, seed) };
}

function flowPlan(
  flow: FlowSettings | undefined,
  {
    workflowId,
    input: { payload, entryPoint, hasToken },
    limits,
    isPaused,
  }: {
    readonly workflowId: WorkflowId;
    readonly input: ExecuteInput;
    readonly limits: ExecutionLimits;
    readonly isPaused: boolean;
  },
): FlowPlan | undefined {
  const parsed = flow !== undefined && readsPayload(flow) ? parsePayload(payload) : null;
  const source = { payload: parsed, entryPoint };
  return planFlow(flow, workflowId, { ...source, hasToken, isPaused, maxBatchBytes: limits.payloadBytes });
}

/** A client that calls Restate directly may have sent malformed JSON. The guest reports it. */
function parsePayload(payload: Uint8Array): JsonValue {
  try {
    return JSON.parse(new TextDecoder().decode(payload)) as JsonValue;
  } catch {
    return null;
  }
}

/**
 * A retry that reuses steps begins with the journaled `start` of the execution it retries, and so with that one's id. The
 * start of a fork has the id, seed and time of the execution it is forked from. Its
 * journal answers the reused steps with the recorded results instead of running them again.
 */
async function journalOf(
  ctx: Context,
  { start, fork }: { readonly start: ExecutionStart; readonly fork: ForkInput | undefined },
  {
    reusedSteps: source,
    effectsInFlight,
    sendThrottle,
    pauses,
    connection,
    hostSlots,
  }: Pick<ExecuteHandlerOptions, "reusedSteps" | "effectsInFlight" | "sendThrottle" | "pauses"> & {
    readonly connection: AttemptConnection;
    readonly hostSlots: HostSlots;
  },
): Promise<{ readonly journal: Journal; readonly reused?: ReusePlan }> {
  const executionId = parseExecutionId(ctx.request().id);
  const attemptEnded = ctx.request().attemptCompletedSignal;
  const effects = new AttemptEffects({ executionId, connection, inFlight: effectsInFlight, attemptEnded });
  const journal = createRestateJournal(ctx, {
    effects,
    throttle: sendThrottle,
    hostSlots,
    suspend: () => connection.suspend(),
  });
  if (start.executionId === executionId || !(await source.applies(executionId))) return { journal };
  const reused = await ctx.run(reusedStepsEntry, () =>
    withRestateErrors(async () => ({
      ...(await source.plan(executionId, fork)),
      ...((await pauses.isPaused(parseWorkflowId(ctx.key))) ? { isPaused: true as const } : {}),
    })),
  );
  const read = async (result: ReusePlanResult, name: string) =>
    await withRestateErrors(async () => await source.read(result, name));
  return { journal: reuseSteps(journal, reused, read), reused };
}

function guestContext(
  ctx: Context,
  start: ExecutionStart,
  { now }: Granted,
  { schedule }: ExecuteInput,
): GuestContext {
  return {
    workflowId: ctx.key,
    version: start.version,
    executionId: start.executionId,
    ...(start.entryPoint === null ? {} : { entryPoint: start.entryPoint }),
    seed: Buffer.from(start.seed, "hex"),
    now,
    callbackUrl: start.callbackUrl,
    ...(schedule === undefined ? {} : { schedule }),
  };
}

function cancelled(executionId: string): restate.TerminalError {
  const message = `Execution "${executionId}" was cancelled`;
  return terminalFailure("cancelled", { name: "CancelledError", message, code: "cancelled" });
}

function skipped(
  executionId: string,
  { reason, by }: Extract<Entry, { readonly kind: "skipped" }>,
): restate.TerminalError {
  const message = `Execution "${executionId}" was skipped: ${skipText(reason, by)}`;
  return terminalFailure("skipped", { name: "SkippedError", message, code: "skipped" });
}
