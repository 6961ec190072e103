import { z } from "zod";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import type { FlowPlan } from "../domain/flow/flow-plan.ts";
import type { HostLimits } from "../domain/flow/host-limits.ts";
import type { QueueLimits } from "../domain/flow/queue-limits.ts";
import { parseExecutionId } from "../domain/ids.ts";
import type { ExecutionId } from "../domain/ids.ts";

/**
 * The journal entry `start`: the values that are fixed when an execution starts, so that every replay has the same ones.
 *
 * Lists of executions search for the first three members as text (`read-model/execution-starts.ts`), so their order must
 * not change.
 */
export interface ExecutionStart {
  readonly version: number;
  readonly entryPoint: string | null;
  /** The id that the workflow sees. A retry from the failed step has the id of the retried execution here. */
  readonly executionId: ExecutionId;
  /** 64 hexadecimal digits. */
  readonly seed: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly callbackUrl: string;
  /** The limits that differ from the defaults. */
  readonly limits?: Partial<ExecutionLimits>;
  /** The trace that its fetches continue, if its workflow is configured to send `traceparent`. */
  readonly traceparent?: string;
  /** The queues that it passes before it runs, if its workflow has flow control. */
  readonly flow?: FlowPlan;
  /** Its place among those that wait in these queues, in milliseconds since the Unix epoch. Absent if it is not known. */
  readonly acceptedAt?: number;
  /** The hosts whose queues its fetches pass. */
  readonly hostLimits?: HostLimits;
}

const startSchema = z.object({
  version: z.number(),
  entryPoint: z.string().nullable(),
  executionId: z.string().transform(parseExecutionId),
  seed: z.string(),
  now: z.number(),
  callbackUrl: z.string(),
  limits: z.custom<Partial<ExecutionLimits>>().exactOptional(),
  hostLimits: z.record(z.string(), z.custom<QueueLimits>()).exactOptional(),
});

/** Returns undefined if the value is another result. */
export function parseStart(value: unknown): ExecutionStart | undefined {
  return startSchema.safeParse(value).data;
}
