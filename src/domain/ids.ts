import { DuraniumError } from "./errors.ts";

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** The id of a workflow: `[a-z][a-z0-9-]{0,62}`. */
export type WorkflowId = Brand<string, "WorkflowId">;

/** Restate's invocation id of one execution: `inv_…`. */
export type ExecutionId = Brand<string, "ExecutionId">;

/** The id of a queue: of one workflow, of a limit that workflows share, or of a host that they send requests to. */
export type QueueId = `${QueueKind}:${string}`;

export type QueueKind = "workflow" | "shared" | "host";

const workflowIdPattern = /^[a-z][a-z0-9-]{0,62}$/;
const executionIdPattern = /^inv_[A-Za-z0-9]{16,64}$/;
const eventNamePattern = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const entryPointPattern = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/;

/** @throws {DuraniumError} `invalid-workflow-id` */
export function parseWorkflowId(text: string): WorkflowId {
  if (workflowIdPattern.test(text)) return text as WorkflowId;
  throw new DuraniumError(
    "invalid-workflow-id",
    `Invalid workflow ID "${shorten(text)}": use a lower-case letter, then up to 62 of a-z, 0-9 and "-"`,
  );
}

/** @throws {DuraniumError} `execution-not-found`, because a malformed id cannot belong to an execution */
export function parseExecutionId(text: string): ExecutionId {
  if (isExecutionId(text)) return text;
  throw new DuraniumError("execution-not-found", `Execution "${shorten(text)}" not found`);
}

export function isExecutionId(text: string): text is ExecutionId {
  return executionIdPattern.test(text);
}

/** @throws {DuraniumError} `invalid-entry-point` */
export function parseEntryPoint(text: string): string {
  if (entryPointPattern.test(text)) return text;
  throw new DuraniumError(
    "invalid-entry-point",
    `Invalid entry point "${shorten(text)}": use 1 to 128 letters, digits, ".", "_", ":", "/" and "-", starting with a letter or digit`,
  );
}

/** @throws {DuraniumError} `invalid-event-name` */
export function parseEventName(text: string): string {
  if (eventNamePattern.test(text)) return text;
  throw new DuraniumError(
    "invalid-event-name",
    `Invalid event name "${shorten(text)}": use 1 to 128 letters, digits, ".", "_", ":" and "-", starting with a letter or digit`,
  );
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}
