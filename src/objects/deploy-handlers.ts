import type * as restate from "@restatedev/restate-sdk";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import { parseWorkflowId } from "../domain/ids.ts";
import type { WorkflowId } from "../domain/ids.ts";
import type {
  CompiledWorkflow,
  CurrentVersion,
  DeployId,
  Version,
  WorkflowSource,
} from "../domain/workflow.ts";
import type { DeployInput, DeployOutput, WorkflowObjectState } from "../journal/object-inputs.ts";
import { withRestateErrors } from "../restate/client/terminal-error.ts";
import type { VersionStore } from "../stores/versions.ts";
import type { WorkflowStore } from "../stores/workflows.ts";
import type { CrashGuard } from "./crash-guard.ts";

/**
 * The exclusive handlers of the Virtual Object `Workflow`: what changes a workflow.
 *
 * Each effect is one journaled step, so a deploy that is interrupted half-way continues after its last completed step.
 * The state key `current` is written last: until then new executions get the previous version.
 */
export interface DeployHandlersOptions {
  /** Compiles and evaluates a source. Its top level may use what one turn of an execution may use. */
  readonly compile: (source: WorkflowSource, limits: ExecutionLimits) => Promise<CompiledWorkflow>;
  readonly versions: Pick<VersionStore, "record" | "get">;
  readonly workflows: Pick<WorkflowStore, "get" | "remove">;
  readonly limitsOf: (workflowId: WorkflowId) => ExecutionLimits;
  readonly crashes: Pick<CrashGuard, "admitDeploy" | "markWork">;
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
      isWorkflowBound: input.isWorkflowBound,
      deployedAt: Date.now(),
      note: input.note,
    }),
  );
  ctx.set("current", currentOf(recorded.version));
  const { version, previousSourceDigest } = recorded;
  const warnings = compiled.warnings === undefined ? {} : { warnings: compiled.warnings };
  return { ...version, ...warnings, unchanged: version.sourceDigest === previousSourceDigest };
}

export async function activate(
  ctx: Context,
  number: number,
  { versions, workflows }: DeployHandlersOptions,
): Promise<Version> {
  const workflowId = parseWorkflowId(ctx.key);
  const version = await journaled(ctx, "find version", () => {
    workflows.get(workflowId);
    return versions.get(workflowId, number);
  });
  ctx.set("current", currentOf(version));
  return version;
}

export async function remove(ctx: Context, { workflows }: DeployHandlersOptions): Promise<null> {
  const workflowId = parseWorkflowId(ctx.key);
  ctx.clear("current");
  return await journaled(ctx, "remove", () => {
    workflows.remove(workflowId, Date.now());
    return null;
  });
}

function currentOf(version: Version): CurrentVersion {
  const { imageDigest, engineDigest, sourceMapDigest, protocolVersion, declarations } = version;
  const flow = declarations?.flow === undefined ? {} : { flow: declarations.flow };
  return { version: version.version, imageDigest, engineDigest, sourceMapDigest, protocolVersion, ...flow };
}

/** Runs a step and journals its result. A terminal error of the catalogue is journaled as the result too. */
function journaled<T>(ctx: Context, name: string, step: () => T | Promise<T>): Promise<T> {
  return ctx.run(name, () => withRestateErrors(async () => await step()));
}
