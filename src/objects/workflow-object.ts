import { randomBytes } from "node:crypto";
import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../base/json.ts";
import { DuraniumError } from "../domain/errors.ts";
import { defaultExecutionLimits, journaledLimits } from "../domain/execution-limits.ts";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import { parseExecutionId, parseWorkflowId } from "../domain/ids.ts";
import type { ExecutionId, WorkflowId } from "../domain/ids.ts";
import type { LogLine } from "../domain/log-line.ts";
import type { Failure } from "../domain/outcome.ts";
import type {
  CompiledWorkflow,
  CurrentVersion,
  DeployId,
  Version,
  WorkflowSource,
} from "../domain/workflow.ts";
import { drive } from "../host/driver/driver.ts";
import type { DriveOptions } from "../host/driver/driver.ts";
import type { OperationCount, EndedAttempt } from "../host/driver/ended-attempt.ts";
import { limitLog } from "../host/driver/log-limit.ts";
import type { Guest, GuestContext, Turn } from "../host/guest.ts";
import type { Journal } from "../host/journal.ts";
import { reuseSteps } from "../host/reused-steps.ts";
import { isTraceparent } from "../host/seed/trace-context.ts";
import { reusedStepsEntry } from "../journal/entry-names.ts";
import { executeInputSerde, readExecuteInput } from "../journal/execute-input.ts";
import type { ExecuteInput } from "../journal/execute-input.ts";
import type { ExecutionStart } from "../journal/execution-start.ts";
import type { DeployInput, DeployOutput } from "../journal/object-inputs.ts";
import { workflowObjectName } from "../journal/object-names.ts";
import { forwardedTraceparent } from "../journal/trace-header.ts";
import type { ReusedStepsSource } from "../read-model/reused-steps-source.ts";
import { terminalFailure, withRestateErrors } from "../restate/client/terminal-error.ts";
import { currentAttemptConnection } from "../restate/endpoint/attempt-connection.ts";
import type { AttemptConnection } from "../restate/endpoint/attempt-connection.ts";
import { createAttemptEffects } from "../restate/endpoint/attempt-effects.ts";
import type { EffectsInFlight } from "../restate/endpoint/effects-in-flight.ts";
import { createRestateJournal } from "../restate/endpoint/restate-journal.ts";
import type { SendThrottle } from "../restate/endpoint/send-throttle.ts";
import type { VersionStore } from "../stores/versions.ts";
import type { WorkflowStore } from "../stores/workflows.ts";
import type { CrashGuard } from "./crash-guard.ts";

/**
 * The Virtual Object `Workflow`, keyed by workflow id.
 *
 * `deploy`, `activate` and `remove` are exclusive: those of one workflow come one after the other, and a
 * crash half-way is continued. `execute` is shared: executions run side by side. What new executions
 * get is the state key `current`; `execute` reads it first, so Restate's journal pins it.
 */
export interface WorkflowObjectOptions {
  /** Its top level may use what a turn of an execution may. */
  readonly compile: (source: WorkflowSource, limits: ExecutionLimits) => Promise<CompiledWorkflow>;
  readonly versions: Pick<VersionStore, "record" | "get">;
  readonly workflows: Pick<WorkflowStore, "get" | "remove">;
  /** A guest with the version's image in it. Rejects with a retryable error where none can be had. */
  readonly acquire: (version: CurrentVersion, use: GuestUse) => Promise<Guest>;
  /** What an execution of the workflow that begins now may use. */
  readonly limitsOf: (workflowId: WorkflowId) => ExecutionLimits;
  /** Whether the fetches of an execution of the workflow that begins now send a `traceparent`. */
  readonly sendsTraceparent: (workflowId: WorkflowId) => boolean;
  /** How long Restate keeps executions that have ended. */
  readonly retentionHours: number;
  /** Names the author's files and lines in a stack that came out of the guest. */
  readonly mapFailure: (failure: Failure, version: CurrentVersion) => Promise<Failure>;
  readonly operations: DriveOptions["operations"];
  readonly effectsInFlight: EffectsInFlight;
  readonly sendThrottle: SendThrottle;
  readonly crashes: Pick<CrashGuard, "admit" | "admitDeploy" | "markWork" | "record">;
  readonly reusedSteps: ReusedStepsSource;
  /** Told of each attempt, when it is known which version it runs. */
  readonly onStarted: (executionId: ExecutionId, version: number) => void;
  /** What the URLs of an execution's callbacks begin with: `https://duranium.example/callbacks/…`. */
  readonly callbackUrl: (executionId: ExecutionId, seed: string) => string;
  /** Told of each execution that ends, once at least. Must not throw. */
  readonly onEnded: (ended: EndedAttempt) => void;
  /** Where the console lines of an execution go. */
  readonly log: (executionId: ExecutionId, version: CurrentVersion) => ExecutionLog;
}

export interface GuestUse {
  readonly limits: ExecutionLimits;
  /** Whose guest it is. */
  readonly owner: ExecutionId;
  readonly workflowId: string;
  /** Called when a turn ended its thread, or was ended with it: `turn` is how many there were before it. */
  readonly onCrash: (turn: number) => void;
  /** Aborts when the attempt has ended. */
  readonly signal: AbortSignal;
  /** Suspends the attempt as soon as it waits. Its guest is taken away where an effect under way delays that. */
  readonly onWanted: () => void;
}

/** Keeps the console lines of one execution. Nothing here fails, or waits for long. */
export interface ExecutionLog {
  /** Takes every line in its order; a replay brings the same ones, with the same numbers, again. */
  add(line: LogLine): void;
  /** Resolves when the lines are kept, or cannot be now. */
  flush(): Promise<void>;
}

type State = { current: CurrentVersion };
type ExclusiveContext = restate.ObjectContext<State>;
type SharedContext = restate.ObjectSharedContext<State>;

export function createWorkflowObject(options: WorkflowObjectOptions) {
  const { exclusive, shared } = restate.handlers.object;
  // Of both: Restate gives every request an idempotency key, and the shorter one counts.
  const retention = { hours: options.retentionHours };
  return restate.object({
    name: workflowObjectName,
    handlers: {
      deploy: exclusive(deployPolicy, (ctx: ExclusiveContext, input: DeployInput) =>
        withRestateErrors(() => deploy(ctx, input, options)),
      ),
      activate: exclusive(deployPolicy, (ctx: ExclusiveContext, input: { version: number }) =>
        withRestateErrors(() => activate(ctx, input.version, options)),
      ),
      remove: exclusive(deployPolicy, (ctx: ExclusiveContext) =>
        withRestateErrors(() => remove(ctx, options)),
      ),
      execute: shared(
        {
          ...executePolicy,
          journalRetention: retention,
          idempotencyRetention: retention,
          input: executeInputSerde,
        },
        (ctx: SharedContext, input: Uint8Array) => withRestateErrors(() => execute(ctx, input, options)),
      ),
    },
  });
}

/** A deploy that cannot succeed must not stand in the way of the next one: it is given up. */
const deployPolicy = {
  journalRetention: { days: 1 },
  retryPolicy: {
    initialInterval: { milliseconds: 200 },
    exponentiationFactor: 2,
    maxInterval: { seconds: 10 },
    maxAttempts: 12,
    onMaxAttempts: "kill",
  },
} as const;

/**
 * An execution that fails because of us is retried for about a quarter of an hour, then waits for a person. Restate
 * counts the attempts since it was suspended last, so there are many: an executor may be killed that often.
 */
const executePolicy = {
  explicitCancellation: true,
  onJournalMismatchErrors: "pause",
  retryPolicy: {
    initialInterval: { milliseconds: 200 },
    exponentiationFactor: 2,
    maxInterval: { seconds: 15 },
    maxAttempts: 66,
    onMaxAttempts: "pause",
  },
} as const;

async function deploy(
  ctx: ExclusiveContext,
  input: DeployInput,
  { compile, crashes, limitsOf, versions }: WorkflowObjectOptions,
): Promise<DeployOutput> {
  const workflowId = parseWorkflowId(ctx.key);
  const deployId = ctx.request().id as string as DeployId;
  const compiled = await journaled(ctx, "compile", async () => {
    crashes.admitDeploy(deployId);
    using _work = crashes.markWork(deployId);
    return await compile(input.source, limitsOf(workflowId));
  });
  const recorded = await journaled(ctx, "record version", () =>
    versions.record({
      deployId,
      workflowId,
      source: input.source,
      compiled,
      deployedBy: input.deployedBy,
      isOfOwner: input.isOfOwner ?? false,
      deployedAt: Date.now(),
      note: input.note,
    }),
  );
  ctx.set("current", currentOf(recorded.version));
  const { version, previousSourceDigest } = recorded;
  const warnings = compiled.warnings === undefined ? {} : { warnings: compiled.warnings };
  return { ...version, ...warnings, unchanged: version.sourceDigest === previousSourceDigest };
}

async function activate(
  ctx: ExclusiveContext,
  number: number,
  { versions, workflows }: WorkflowObjectOptions,
): Promise<Version> {
  const workflowId = parseWorkflowId(ctx.key);
  const version = await journaled(ctx, "find version", () => {
    workflows.get(workflowId);
    return versions.get(workflowId, number);
  });
  ctx.set("current", currentOf(version));
  return version;
}

async function remove(ctx: ExclusiveContext, { workflows }: WorkflowObjectOptions): Promise<null> {
  const workflowId = parseWorkflowId(ctx.key);
  ctx.clear("current");
  return await journaled(ctx, "remove", () => {
    workflows.remove(workflowId, Date.now());
    return null;
  });
}

async function execute(
  ctx: SharedContext,
  untrusted: Uint8Array,
  options: WorkflowObjectOptions,
): Promise<JsonValue> {
  const input = await readExecuteInput(untrusted);
  const executionId = parseExecutionId(ctx.request().id);
  options.crashes.admit(executionId);
  const current = (await ctx.get("current")) ?? notDeployed(parseWorkflowId(ctx.key), options);
  const start = await ctx.run("start", () => startOf(ctx, { current, input, ...options }));
  const limits = { ...defaultExecutionLimits, ...start.limits };
  options.onStarted(executionId, start.version);
  const connection = currentAttemptConnection();
  const journal = await journalOf(ctx, start, { ...options, connection });
  const attemptEnded = ctx.request().attemptCompletedSignal;
  using guest = await options.acquire(current, {
    limits,
    owner: executionId,
    workflowId: ctx.key,
    onCrash: (turn) => options.crashes.record(executionId, turn),
    signal: attemptEnded,
    onWanted: () => connection.suspend(),
  });
  // A suspended attempt never comes back to the end of this function.
  attemptEnded.addEventListener("abort", () => guest[Symbol.dispose](), { once: true });
  const log = options.log(executionId, current);
  const operations = new Map<string, OperationCount>();
  const markWork = () => options.crashes.markWork(executionId)[Symbol.dispose]();
  const result = await drive({
    guest: withTurnMarkers(guest, markWork),
    journal: withResultMarkers(journal, markWork),
    operations: options.operations,
    context: guestContext(ctx, start),
    payload: input.payload,
    limits,
    traceparent: start.traceparent,
    log: limitLog((line) => log.add(line), limits),
    onSettled: (operation, ok) => countOperation(operations, operation, ok),
  });
  // Once the end is in the journal nothing is replayed, so no line would ever be said again.
  await log.flush();
  options.onEnded({ executionId, outcome: result.kind, fuelUsed: guest.fuelUsed, operations });
  if (result.kind === "completed") return result.value;
  if (result.kind === "cancelled") throw cancelled(executionId);
  throw terminalFailure(result.code, await options.mapFailure(result.failure, current));
}

/** What the driver makes of a turn, it makes in the same moment. */
function withTurnMarkers(guest: Guest, markWork: () => void): Guest {
  const noting = async (turn: Promise<Turn>) => {
    const taken = await turn;
    markWork();
    return taken;
  };
  return {
    get fuelUsed() {
      return guest.fuelUsed;
    },
    run: (context, payload) => noting(guest.run(context, payload)),
    settle: (settlement) => noting(guest.settle(settlement)),
    cancel: (now) => noting(guest.cancel(now)),
    [Symbol.dispose]: () => guest[Symbol.dispose](),
  };
}

function withResultMarkers(journal: Journal, markWork: () => void): Journal {
  return {
    ...journal,
    async race(pending) {
      const result = await journal.race(pending);
      markWork();
      return result;
    },
  };
}

function countOperation(operations: Map<string, OperationCount>, operation: string, ok: boolean): void {
  const count = operations.get(operation) ?? { succeeded: 0, failed: 0 };
  count[ok ? "succeeded" : "failed"] += 1;
  operations.set(operation, count);
}

/** Either the first deploy is between its record and its end, which passes, or the workflow is gone. */
function notDeployed(workflowId: WorkflowId, { workflows }: WorkflowObjectOptions): never {
  workflows.get(workflowId);
  throw new DuraniumError("internal", `Workflow "${workflowId}" has no current version yet`);
}

function startOf(
  ctx: SharedContext,
  {
    current,
    input,
    callbackUrl,
    limitsOf,
    sendsTraceparent,
  }: Pick<WorkflowObjectOptions, "callbackUrl" | "limitsOf" | "sendsTraceparent"> & {
    current: CurrentVersion;
    input: ExecuteInput;
  },
): ExecutionStart {
  const workflowId = parseWorkflowId(ctx.key);
  const limits = journaledLimits(limitsOf(workflowId));
  const { traceparent } = sendsTraceparent(workflowId) ? forwardedTraceparent(ctx.request()) : {};
  const executionId = parseExecutionId(ctx.request().id);
  const seed = randomBytes(32).toString("hex");
  return {
    version: current.version,
    entryPoint: input.entryPoint ?? null,
    executionId,
    seed,
    now: Date.now(),
    callbackUrl: callbackUrl(executionId, seed),
    ...(limits === undefined ? {} : { limits }),
    ...(traceparent !== undefined && isTraceparent(traceparent) ? { traceparent } : {}),
  };
}

/** An execution that was begun with the `start` of another goes on with the results of that one's steps. */
async function journalOf(
  ctx: SharedContext,
  start: ExecutionStart,
  {
    reusedSteps: source,
    effectsInFlight,
    sendThrottle,
    connection,
  }: Pick<WorkflowObjectOptions, "reusedSteps" | "effectsInFlight" | "sendThrottle"> & {
    readonly connection: AttemptConnection;
  },
): Promise<Journal> {
  const executionId = parseExecutionId(ctx.request().id);
  const attemptEnded = ctx.request().attemptCompletedSignal;
  const effects = createAttemptEffects({ executionId, connection, inFlight: effectsInFlight, attemptEnded });
  const journal = createRestateJournal(ctx, effects, sendThrottle);
  if (start.executionId === executionId || !(await source.applies(executionId))) return journal;
  const reused = await ctx.run(reusedStepsEntry, () =>
    withRestateErrors(async () => await source.plan(executionId)),
  );
  return reuseSteps(journal, reused, (result, name) =>
    withRestateErrors(async () => await source.read(result, name)),
  );
}

function guestContext(ctx: SharedContext, start: ExecutionStart): GuestContext {
  return {
    workflowId: ctx.key,
    version: start.version,
    executionId: start.executionId,
    ...(start.entryPoint === null ? {} : { entryPoint: start.entryPoint }),
    seed: Buffer.from(start.seed, "hex"),
    now: start.now,
    callbackUrl: start.callbackUrl,
  };
}

function currentOf(version: Version): CurrentVersion {
  const { imageDigest, engineDigest, sourceMapDigest, protocolVersion } = version;
  return { version: version.version, imageDigest, engineDigest, sourceMapDigest, protocolVersion };
}

function cancelled(executionId: string): restate.TerminalError {
  const message = `Execution "${executionId}" was cancelled`;
  return terminalFailure("cancelled", { name: "CancelledError", message, code: "cancelled" });
}

/** Runs a step once. Errors of the catalogue that a retry cannot mend become its result. */
function journaled<T>(ctx: ExclusiveContext, name: string, step: () => T | Promise<T>): Promise<T> {
  return ctx.run(name, () => withRestateErrors(async () => await step()));
}
