import { z } from "zod";
import type { JsonValue } from "../base/json.ts";
import { parseExecutionId } from "../domain/ids.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { anyJson } from "./any-json.ts";
import type { ExecutionStart } from "./execution-start.ts";

/**
 * Forks: executions that begin with results of another one. The input of a fork names the results, and its idempotency key
 * names the other execution, so that Restate's SQL can find the forks of an execution.
 */

/** The member `fork` of the input of `Workflow/<id>/execute`. */
export interface ForkInput {
  /** What the workflow sees of its start, so that it repeats its decisions. */
  readonly start: ForkedStart;
  readonly plan: ReusePlan;
}

export type ForkedStart = Pick<ExecutionStart, "executionId" | "seed" | "now" | "callbackUrl">;

/** The results that an execution reuses, as they are journaled: the `ReusedSteps` of `host/reused-steps.ts`. */
export interface ReusePlan {
  readonly failedCommand: number;
  readonly before: readonly ReusePlanResult[];
  readonly after: readonly ReusePlanResult[];
  /** What flow control granted to the execution whose steps are reused: its time, and its batch. */
  readonly granted?: { readonly now: number; readonly batch?: readonly JsonValue[] };
  /** Which of several available results is delivered first. Absent in plans of earlier releases. */
  readonly order?: "kinds";
  /** Set if the workflow was paused: the execution waits in its queue. */
  readonly isPaused?: true;
}

export interface ReusePlanResult {
  /** The number of a command, or the name of a signal. */
  readonly source: number | string;
  /** The execution whose journal contains the result, and the index of the result there. */
  readonly executionId: ExecutionId;
  readonly index: number;
  /** The index of its command. A signal has no command. */
  readonly commandIndex?: number;
  /** A result that replaces the one in the journal, as `ReadReusedResult` returns it. */
  readonly value?: JsonValue;
}

const executionId = z.string().transform(parseExecutionId);
const results = z
  .array(
    z.object({
      source: z.union([z.string(), z.int()]),
      executionId,
      index: z.int(),
      commandIndex: z.int().exactOptional(),
      value: anyJson.exactOptional(),
    }),
  )
  .readonly();

/** The schema of `ForkInput`. */
export const forkInput = z.object({
  start: z.object({
    executionId,
    seed: z.string().regex(/^[0-9a-f]{64}$/),
    now: z.number(),
    callbackUrl: z.string(),
  }),
  plan: z.object({
    failedCommand: z.int(),
    before: results,
    after: results,
    order: z.literal("kinds").exactOptional(),
    granted: z
      .object({ now: z.number(), batch: z.array(anyJson).readonly().exactOptional() })
      .exactOptional(),
  }),
});

const keyPrefix = "fork/";

/** The idempotency key of a fork. Two requests with the same `request` create one fork. */
export function forkKey(source: ExecutionId, request: string): string {
  return `${keyPrefix}${source}/${request}`;
}

/** The execution of which an execution with this idempotency key is a fork. */
export function forkedFrom(idempotencyKey: unknown): ExecutionId | undefined {
  if (typeof idempotencyKey !== "string" || !idempotencyKey.startsWith(keyPrefix)) return undefined;
  const [, source] = idempotencyKey.split("/");
  return source === undefined ? undefined : parseExecutionId(source);
}

/** An expression of SQL for the execution that a row of `sys_invocation` retries or is forked from; null for any other. */
export const predecessorColumn = `coalesce(restarted_from,
  CASE WHEN idempotency_key LIKE '${keyPrefix}%' THEN split_part(idempotency_key, '/', 2) END)`;

/** A condition of SQL: the row of `sys_invocation` is a fork of this execution. */
export function isForkOf(source: ExecutionId): string {
  return `idempotency_key LIKE '${forkKey(source, "")}%'`;
}
