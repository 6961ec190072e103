import type { z } from "zod";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Journal, Pending } from "../journal.ts";

/**
 * One thing that a workflow can ask of the host: its name, the shape of its arguments, and how it becomes
 * one command of the journal.
 */
export interface Operation {
  readonly name: string;
  /** An effect on the world is waited for, for a bounded time, after the workflow returned; a timer is not. */
  readonly isEffect: boolean;
  /** The largest body of a call, as `{fetchRequestBytes}`; absent where no body goes with it. */
  readonly bodyLimit?: (limits: ExecutionLimits) => NamedLimit;
  /**
   * Checks what the guest sent. `undefined` where it has not the operation's shape: the guest runtime would
   * never send that, so the guest is broken or hostile.
   */
  prepare(argumentsJson: unknown, body: Uint8Array): StartOperation | undefined;
  /** How long a timer takes, in milliseconds; `undefined` of what is no timer. */
  durationOf(argumentsJson: unknown): number | undefined;
}

/**
 * Makes the command: exactly one call of `run`, `sleep`, `signal`, `call` or `send` of the journal, whatever the arguments are.
 * Arguments of the right shape that cannot be carried out (a URL that is none, a sleep of ten years) are
 * answered by an `{ok: false}` outcome in the journal, so that an execution which met an older rule
 * replays under a newer one.
 *
 * @param now the guest's clock, in milliseconds since the Unix epoch
 */
export type StartOperation = (
  journal: Journal,
  now: number,
  execution: AskingExecution,
) => Pending<DatedOutcome>;

/** The execution that asks. */
export interface AskingExecution {
  readonly workflowId: string;
  readonly version: number;
  readonly executionId: string;
  /** What its fetches continue, where they are to send a `traceparent`. */
  readonly traceparent?: string;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  readonly limits: ExecutionLimits;
}

/** Without `now` the journal has no time for it, and the driver reads the clock when it is delivered. */
export type DatedOutcome = Outcome & { readonly now?: number };

/** A limit under its name, to be told to the author. */
export type NamedLimit = Readonly<Record<string, number>>;

export type Operations = ReadonlyMap<string, Operation>;

export interface OperationDefinition<Arguments> {
  readonly name: string;
  readonly isEffect: boolean;
  readonly arguments: z.ZodType<Arguments>;
  readonly bodyLimit?: (limits: ExecutionLimits) => NamedLimit;
  start(journal: Journal, request: OperationRequest<Arguments>): Pending<DatedOutcome>;
  /** Of a timer; `undefined` where it cannot be carried out. */
  durationOf?(given: Arguments): number | undefined;
}

export interface OperationRequest<Arguments> {
  readonly arguments: Arguments;
  readonly body: Uint8Array;
  /** The guest's clock when it asked, in milliseconds since the Unix epoch. */
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
