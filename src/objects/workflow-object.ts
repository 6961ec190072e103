import * as restate from "@restatedev/restate-sdk";
import { executeInputSerde } from "../journal/execute-input.ts";
import type { DeployInput, WorkflowObjectState } from "../journal/object-inputs.ts";
import { workflowObjectName } from "../journal/object-names.ts";
import { withRestateErrors } from "../restate/client/terminal-error.ts";
import { activate, deploy, remove } from "./deploy-handlers.ts";
import type { DeployHandlersOptions } from "./deploy-handlers.ts";
import { execute } from "./execute-handler.ts";
import type { ExecuteHandlerOptions } from "./execute-handler.ts";

/**
 * The Virtual Object `Workflow`, keyed by workflow id: which handlers there are, and how Restate treats each.
 *
 * `deploy`, `activate` and `remove` are exclusive: Restate runs those of one workflow in order. `execute` is shared:
 * the executions of a workflow run concurrently. The state key `current` is the version that new executions get;
 * `execute` reads it first, so each execution has its version pinned in its journal.
 */
export interface WorkflowObjectOptions extends DeployHandlersOptions, ExecuteHandlerOptions {
  readonly crashes: DeployHandlersOptions["crashes"] & ExecuteHandlerOptions["crashes"];
  readonly workflows: DeployHandlersOptions["workflows"];
  readonly versions: DeployHandlersOptions["versions"];
  /** How long Restate retains executions that have ended. */
  readonly retentionHours: number;
}

type ExclusiveContext = restate.ObjectContext<WorkflowObjectState>;
type SharedContext = restate.ObjectSharedContext<WorkflowObjectState>;

export function createWorkflowObject(options: WorkflowObjectOptions) {
  const { exclusive, shared } = restate.handlers.object;
  // Restate gives every request an idempotency key, and applies the shorter of the two retentions.
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

/** The handlers are exclusive, so a deploy that keeps failing would block the next one. It is killed instead. */
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
 * An execution whose attempts fail because of the infrastructure is retried for about 15 minutes, then paused until an
 * operator resumes it. Restate counts the attempts since the last suspension. Each crash of an executor uses up one of
 * them, so the maximum is high.
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
