import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import { maxFailureBytes } from "../../domain/limits.ts";
import type { Failure } from "../../domain/outcome.ts";
import { failureSchema } from "../../journal/failure-schema.ts";
import type { GuestCall, Turn } from "../guest.ts";
import { maxCallArgumentBytes } from "../limits.ts";
import type { NamedLimit, Operation, Operations, StartOperation } from "../operations/operation.ts";
import { parseGuestJson } from "./guest-json.ts";

/**
 * Validates the turns of a guest. A `Turn` comes from untrusted code; an `AdmittedTurn` conforms to the protocol of
 * `wit/runtime.wit`. Each execution has its own admission, because it tracks the ids of host calls.
 */
export interface Admission {
  /** @throws {DuraniumError} `guest-protocol-violated` or `limit-exceeded`, which end the execution */
  admit(turn: Turn): AdmittedTurn;
}

export interface AdmittedTurn {
  /** In the order in which the guest made them, without those that it abandoned in the same turn. */
  readonly calls: readonly AdmittedCall[];
  /** Ids that the guest has used in this turn or an earlier one. */
  readonly abandoned: readonly number[];
  readonly completion?: Completion;
}

export interface AdmittedCall {
  readonly id: number;
  readonly operation: Operation;
  readonly start: StartOperation;
  /** The duration of a timer, in milliseconds. */
  readonly durationMs: number | undefined;
  readonly argumentBytes: number;
  readonly bodyBytes: number;
}

/** How the workflow's `run` ended. */
export type Completion =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly failure: Failure };

export function createAdmission(operations: Operations, limits: ExecutionLimits): Admission {
  let lastId = -1;
  let calls = 0;

  function admitCall(call: GuestCall): AdmittedCall {
    // Ascending ids cannot repeat, so only the last one has to be stored.
    if (!Number.isSafeInteger(call.id) || call.id <= lastId) {
      throw violation(`used the id ${call.id} for a host call after ${lastId}`);
    }
    lastId = call.id;
    calls += 1;
    atMost(calls, "host calls", { calls: limits.calls });
    return prepareCall(operations, limits, call);
  }

  function admitAbandoned(id: number): number {
    if (Number.isSafeInteger(id) && id >= 0 && id <= lastId) return id;
    throw violation(`abandoned the host call ${id}, which it never made`);
  }

  return {
    admit(turn) {
      const admitted = turn.calls.map(admitCall);
      const abandoned = turn.abandoned.map(admitAbandoned);
      const withdrawn = new Set(abandoned);
      return {
        calls: admitted.filter(({ id }) => !withdrawn.has(id)),
        abandoned,
        ...(turn.completion === undefined ? {} : { completion: readCompletion(turn.completion, limits) }),
      };
    },
  };
}

function limitExceeded(what: string, limit: NamedLimit): DuraniumError {
  const limits = Object.entries(limit).map(([name, value]) => `${value} ${what} (${name})`);
  return new DuraniumError("limit-exceeded", `Workflow exceeded its limit of ${limits.join()}`);
}

function prepareCall(operations: Operations, limits: ExecutionLimits, call: GuestCall): AdmittedCall {
  const operation = operations.get(call.operation);
  if (operation === undefined) throw violation(`requested the unknown operation ${quote(call.operation)}`);
  atMost(call.arguments.length, "bytes of arguments for a host call", { maxCallArgumentBytes });
  checkBody(operation, call.body, limits);
  const given = parseGuestJson(call.arguments, `arguments of ${operation.name}`);
  const start = operation.prepare(given, call.body);
  if (start === undefined) throw violation(`called ${operation.name} with malformed arguments`);
  const argumentBytes = call.arguments.length;
  const durationMs = operation.durationOf(given);
  return { id: call.id, operation, start, durationMs, argumentBytes, bodyBytes: call.body.length };
}

function checkBody({ name, bodyLimit }: Operation, body: Uint8Array, limits: ExecutionLimits): void {
  if (bodyLimit !== undefined) atMost(body.length, `bytes of body for ${name}`, bodyLimit(limits));
  else if (body.length > 0) throw violation(`sent a body to ${name}`);
}

function readCompletion(
  { ok, json }: NonNullable<Turn["completion"]>,
  { resultBytes }: ExecutionLimits,
): Completion {
  if (ok) {
    atMost(json.length, "bytes of result", { resultBytes });
    return { ok, value: parseGuestJson(json, "a result") };
  }
  atMost(json.length, "bytes of failure", { maxFailureBytes });
  const failure = failureSchema.safeParse(parseGuestJson(json, "a failure"));
  if (failure.success) return { ok, failure: failure.data };
  throw violation("reported a failure without a name and a message");
}

/** @throws {DuraniumError} `limit-exceeded` with the limit's name and value */
export function atMost(count: number, what: string, limit: NamedLimit): void {
  if (Object.values(limit).some((value) => count > value)) throw limitExceeded(what, limit);
}

function violation(what: string): DuraniumError {
  return new DuraniumError("guest-protocol-violated", `The guest ${what}`);
}

function quote(text: string): string {
  return JSON.stringify(text.length <= 40 ? text : `${text.slice(0, 40)}…`);
}
