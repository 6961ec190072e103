import type { LimitSettings } from "./execution-limits.ts";
import { parseHostPattern } from "./host-pattern.ts";
import type { HostPattern } from "./host-pattern.ts";

/** What is set for a workflow, whatever its version. */
export interface WorkflowSettings {
  readonly egress?: EgressSettings;
  /** What its executions may use, as far as the operator allows. */
  readonly limits?: LimitSettings;
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
