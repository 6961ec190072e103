import type { z } from "zod";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { HostLimits } from "../../domain/flow/host-limits.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Journal, Pending } from "../journal.ts";

/** An operation that a workflow can request of the host: its name, the schema of its arguments, and its journal command. */
export interface Operation {
  readonly name: string;
  /** True if the driver waits for it, for a bounded time, after the workflow has returned. It does not wait for timers. */
  readonly isEffect: boolean;
  /** The maximum body of a call, such as `{fetchRequestBytes}`. Absent for operations without a body. */
  readonly bodyLimit?: (limits: ExecutionLimits) => NamedLimit;
  /**
   * Validates the arguments. Returns undefined if they are malformed: the guest runtime never sends such arguments, so the
   * guest is broken or hostile.
   */
  prepare(argumentsJson: unknown, body: Uint8Array): StartOperation | undefined;
  /** Returns the duration of a timer in milliseconds, or undefined for other operations. */
  durationOf(argumentsJson: unknown): number | undefined;
}

/**
 * Makes the command: exactly one call of `run`, `sleep`, `signal`, `call` or `send` of the journal, for any arguments.
 * Well-formed arguments that are not allowed (an invalid URL, a sleep of ten years) result in a journaled `{ok: false}`
 * outcome, so that an execution replays even if the rule changes in a later release.
 *
 * @param now the guest's clock, in milliseconds since the Unix epoch
 */
export type StartOperation = (
  journal: Journal,
  now: number,
  execution: AskingExecution,
) => Pending<DatedOutcome>;

/** The execution that requests the operation. */
export interface AskingExecution {
  readonly workflowId: string;
  readonly version: number;
  readonly executionId: string;
  /** The trace that its fetches continue, if they send `traceparent`. */
  readonly traceparent?: string;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  readonly limits: ExecutionLimits;
  /** The hosts whose queues its fetches pass. Absent in a preview. */
  readonly hostLimits?: HostLimits;
}

/** An outcome with its time. Without `now`, the driver reads the clock when it delivers the outcome. */
export type DatedOutcome = Outcome & { readonly now?: number };

/** A limit by its name, which messages show to the author. */
export type NamedLimit = Readonly<Record<string, number>>;

export type Operations = ReadonlyMap<string, Operation>;

export interface OperationDefinition<Arguments> {
  readonly name: string;
  readonly isEffect: boolean;
  readonly arguments: z.ZodType<Arguments>;
  readonly bodyLimit?: (limits: ExecutionLimits) => NamedLimit;
  start(journal: Journal, request: OperationRequest<Arguments>): Pending<DatedOutcome>;
  /** Returns the duration of a timer, or undefined if it is not allowed. */
  durationOf?(given: Arguments): number | undefined;
}

export interface OperationRequest<Arguments> {
  readonly arguments: Arguments;
  readonly body: Uint8Array;
  /** The guest's clock at the time of the call, in milliseconds since the Unix epoch. */
  readonly now: number;
  readonly execution: AskingExecution;
}

export function defineOperation<Arguments>(definition: OperationDefinition<Arguments>): Operation {
  return {
    ...definition,
    prepare(argumentsJson, body) {
      const parsed = definition.arguments.safeParse(argumentsJson);
      if (!parsed.success) return undefined;
      return (journal, now, execution) =>
        definition.start(journal, { arguments: parsed.data, body, now, execution });
    },
    durationOf(argumentsJson) {
      if (definition.durationOf === undefined) return undefined;
      const parsed = definition.arguments.safeParse(argumentsJson);
      return parsed.success ? definition.durationOf(parsed.data) : undefined;
    },
  };
}
