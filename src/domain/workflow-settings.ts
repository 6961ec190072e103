import { DuraniumError } from "./errors.ts";
import type { FieldError } from "./errors.ts";
import { errorsAbove } from "./execution-limits.ts";
import type { ExecutionLimits, LimitSettings } from "./execution-limits.ts";
import { parseHostPattern } from "./host-pattern.ts";
import type { HostPattern } from "./host-pattern.ts";

/** What is set for a workflow, whatever its version. */
export interface WorkflowSettings {
  readonly egress?: EgressSettings;
  /** What its executions may use, as far as the operator allows. */
  readonly limits?: LimitSettings;
  /** How long its executions are kept once they have ended. Where it is not set: as long as the operator keeps them. */
  readonly retentionHours?: number;
  /** Whether its fetches send a `traceparent`, so that the servers they reach continue the trace. */
  readonly traceparent?: boolean;
}

/** Where a workflow's fetches may go, within what the operator lets out. Whatever is not named is refused. */
export interface EgressSettings {
  /** Patterns of `host-pattern.ts`. */
  readonly allow: readonly string[];
  /** Capital letters; all where there is no such list. */
  readonly methods?: readonly string[];
}

/** Settings as fetches are held against them. */
export interface EgressRules {
  readonly hosts: readonly HostPattern[];
  readonly methods: readonly string[] | undefined;
}

/** `undefined` where everything is allowed. @throws {DuraniumError} `invalid-request` */
export function egressRules({ egress }: WorkflowSettings): EgressRules | undefined {
  return egress === undefined
    ? undefined
    : { hosts: egress.allow.map(parseHostPattern), methods: egress.methods };
}

/** What an operator allows at most. */
export interface SettingsMaxima {
  readonly maxLimits: ExecutionLimits;
  /** As long as executions are kept. */
  readonly retentionHours: number;
}

/** @throws {DuraniumError} `invalid-request`, naming all that is above the maxima, and what it may be */
export function assertSettingsWithin(maxima: SettingsMaxima, settings: WorkflowSettings): void {
  const fields = [
    ...errorsAbove(maxima.maxLimits, settings.limits ?? {}),
    ...retentionErrors(maxima.retentionHours, settings),
  ];
  if (fields.length === 0) return;
  throw new DuraniumError("invalid-request", fields.map(({ detail }) => detail).join("; "), { fields });
}

function retentionErrors(maxHours: number, { retentionHours }: WorkflowSettings): readonly FieldError[] {
  if (retentionHours === undefined || retentionHours <= maxHours) return [];
  const detail = `The setting retentionHours cannot be ${retentionHours}: this installation keeps executions for ${maxHours} hours`;
  return [{ pointer: "#/retentionHours", detail }];
}
