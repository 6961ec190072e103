import type * as restate from "@restatedev/restate-sdk";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import { parseWorkflowId } from "../domain/ids.ts";
import type { WorkflowId } from "../domain/ids.ts";
import type { CompiledWorkflow, DeployId, Version, WorkflowSource } from "../domain/workflow.ts";
import { currentOf } from "../domain/workflow.ts";
import type { DeployInput, DeployOutput, WorkflowObjectState } from "../journal/object-inputs.ts";
import { withRestateErrors } from "../restate/client/terminal-error.ts";
import type { VersionStore } from "../stores/versions.ts";
import type { WorkflowStore } from "../stores/workflows.ts";
import type { CrashGuard } from "./crash-guard.ts";
import { leaveQueues } from "./queues/leave-queues.ts";
import type { UsedQueue } from "../read-model/queues/used-queues.ts";
import { applyDeclaredSchedules, deleteSchedules } from "./schedules/declared-schedules.ts";

/**
 * The exclusive handlers of the Virtual Object `Workflow`: what changes a workflow.
 *
 * Each effect is one journaled step, so a deploy that is interrupted half-way continues after its last completed step.
 * The state key `current` is written last: until then new executions get the previous version.
 *
 * A deploy that fails for good, such as one that does not compile, journals its error as the result of the step and
 * changes nothing: no version is recorded, and its number goes to the next deploy. Artifacts that it had already stored
 * have no version, so `services/retention/artifact-retention.ts` removes them after some days.
 */
export interface DeployHandlersOptions {
  /** Compiles and evaluates a source. Its top level may use what one turn of an execution may use. */
  readonly compile: (source: WorkflowSource, limits: ExecutionLimits) => Promise<CompiledWorkflow>;
  readonly versions: Pick<VersionStore, "record" | "get" | "declaredSchedules">;
  readonly workflows: Pick<WorkflowStore, "get" | "remove">;
  readonly limitsOf: (workflowId: WorkflowId) => Promise<ExecutionLimits>;
  readonly crashes: Pick<CrashGuard, "admitDeploy" | "markWork">;
  /** The ids of all schedules of a workflow. */
  readonly scheduleIdsOf: (workflowId: WorkflowId) => Promise<readonly string[]>;
  readonly queuesOf: (workflowId: WorkflowId) => Promise<readonly UsedQueue[]>;
}

type Context = restate.ObjectContext<WorkflowObjectState>;

export async function deploy(
  ctx: Context,
  input: DeployInput,
  { compile, crashes, limitsOf, versions }: DeployHandlersOptions,
): Promise<DeployOutput> {
  const workflowId = parseWorkflowId(ctx.key);
  const deployId = ctx.request().id as string as DeployId;
  const compiled = await journaled(ctx, "compile", async () => {
    await crashes.admitDeploy(deployId);
    using _work = crashes.markWork(deployId);
    return await compile(input.source, await limitsOf(workflowId));
  });
  const recorded = await journaled(ctx, "record version", async () => ({
    ...(await versions.record({
      deployId,
      workflowId,
      source: input.source,
      compiled,
      deployedBy: input.deployedBy,
      isWorkflowBound: input.isWorkflowBound,
      deployedAt: Date.now(),
      note: input.note,
    })),
    ...(await declaredSchedules(workflowId, versions)),
  }));
  ctx.set("current", currentOf(recorded.version));
  const { version, previousSourceDigest, schedules } = recorded;
  applyDeclaredSchedules(ctx, version, schedules ?? []);
  const warnings = compiled.warnings === undefined ? {} : { warnings: compiled.warnings };
  return { ...version, ...warnings, unchanged: version.sourceDigest === previousSourceDigest };
}

export async function activate(
  ctx: Context,
  number: number,
  { versions, workflows }: DeployHandlersOptions,
): Promise<Version> {
  const workflowId = parseWorkflowId(ctx.key);
  const { schedules, ...version } = await journaled(ctx, "find version", async () => {
    await workflows.get(workflowId);
    const version = await versions.get(workflowId, number);
    return { ...version, ...(await declaredSchedules(workflowId, versions)) };
  });
  ctx.set("current", currentOf(version));
  applyDeclaredSchedules(ctx, version, schedules ?? []);
  return version;
}

export async function remove(
  ctx: Context,
  { workflows, scheduleIdsOf, queuesOf }: DeployHandlersOptions,
): Promise<null> {
  const workflowId = parseWorkflowId(ctx.key);
  ctx.clear("current");
  const removed = await journaled(ctx, "remove", async (): Promise<Removed> => {
    const schedules = await scheduleIdsOf(workflowId);
    const queues = await queuesOf(workflowId);
    const at = Date.now();
    await workflows.remove(workflowId, at);
    if (queues.length > 0) return { schedules, queues, at };
    return schedules.length === 0 ? null : schedules;
  });
  const { schedules, queues, at } =
    removed !== null && "queues" in removed ? removed : { schedules: removed ?? [], queues: [], at: 0 };
  deleteSchedules(ctx, schedules);
  leaveQueues(ctx, queues, at);
  return null;
}

/** What a workflow leaves behind: its schedules, and queues if it used any. */
type Removed =
  | null
  | readonly string[]
  | {
      readonly schedules: readonly string[];
      readonly queues: readonly UsedQueue[];
      /** When it was deleted. */
      readonly at: number;
    };

/** The names of the schedules that any version of the workflow has declared; no member if there are none. */
async function declaredSchedules(
  workflowId: WorkflowId,
  versions: Pick<VersionStore, "declaredSchedules">,
): Promise<{ readonly schedules?: readonly string[] }> {
  const schedules = await versions.declaredSchedules(workflowId);
  return schedules.length === 0 ? {} : { schedules };
}

/** Runs a step and journals its result. A terminal error of the catalogue is journaled as the result too. */
function journaled<T>(ctx: Context, name: string, step: () => Promise<T>): Promise<T> {
  return ctx.run(name, () => withRestateErrors(step));
}
