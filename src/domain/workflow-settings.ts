import { DuraniumError } from "./errors.ts";
import type { FieldError } from "./errors.ts";
import { errorsAbove, limitsWithin } from "./execution-limits.ts";
import type { ExecutionLimits, LimitSettings } from "./execution-limits.ts";
import type { FlowSettings } from "./automation/flow-settings.ts";
import type { HostRates } from "./automation/host-rates.ts";
import { parseHostPattern } from "./host-pattern.ts";
import type { HostPattern } from "./host-pattern.ts";
import type { WorkflowId } from "./ids.ts";
import type { ReplayOutcome } from "./outcome.ts";

/** The settings of a workflow. They apply to all of its versions. */
export interface WorkflowSettings {
  readonly egress?: EgressSettings;
  /** The limits of its executions, within the operator's maxima. */
  readonly limits?: LimitSettings;
  /** How long ended executions are retained. Defaults to the operator's retention. */
  readonly retentionHours?: number;
  /** True if its fetches send a `traceparent`, so that the servers continue the trace. */
  readonly traceparent?: boolean;
  /** How many of its executions start and run. Each member replaces that of the code. */
  readonly flow?: FlowSettings;
  readonly recordings?: RecordingSettings;
  readonly deploy?: DeploySettings;
}

export interface RecordingSettings {
  /** What is redacted in recordings and reports of replays before they leave the server, in addition to headers of credentials. */
  readonly redact?: {
    /** Names of request and response headers. */
    readonly headers?: readonly string[];
    /** JSON Pointers into payloads, bodies, events, state values and results. `*` stands for each element or member. */
    readonly body?: readonly string[];
  };
}

export interface DeploySettings {
  /** Set if a source can only be deployed after a replay check of it has passed. */
  readonly requireReplayCheck?: ReplayCheckRequirement;
}

export interface ReplayCheckRequirement {
  /** The number of executions that the check must have selected, unless there are fewer. */
  readonly last: number;
  /** Outcomes that may occur beside `same`. */
  readonly allow?: readonly ReplayOutcome[];
}

/** The allowed destinations of a workflow's fetches, in addition to the operator's rules, and how often they are requested. */
export interface EgressSettings {
  /** Patterns as described in `host-pattern.ts`. All other hosts are refused. Without a list, all are allowed. */
  readonly allow?: readonly string[];
  /** In capital letters. Without a list, all methods are allowed. */
  readonly methods?: readonly string[];
  /** Workflows that name the same host share its limits. */
  readonly rate?: HostRates;
}

/** Parsed egress settings, against which fetches are checked. */
export interface EgressRules {
  readonly hosts: readonly HostPattern[] | undefined;
  readonly methods: readonly string[] | undefined;
}

/**
 * Parses egress settings. Returns undefined if all destinations are allowed.
 *
 * @throws {DuraniumError} `invalid-request`
 */
export function egressRules({ egress = {} }: WorkflowSettings): EgressRules | undefined {
  const { allow, methods } = egress;
  if (allow === undefined && methods === undefined) return undefined;
  return { hosts: allow?.map(parseHostPattern), methods };
}

/** What the settings of a workflow mean for an execution that starts now. */
export interface StartPolicy {
  readonly limits: ExecutionLimits;
  /** True if its fetches send a `traceparent`. */
  readonly sendsTraceparent: boolean;
  readonly flow: FlowSettings | undefined;
  /** The operator's rate of a host replaces that of the workflow. Undefined if no host has a rate. */
  readonly hostRates: HostRates | undefined;
}

/** What the settings of a workflow mean. Each call reads them once. */
export interface WorkflowPolicy {
  readonly limitsOf: (workflowId: WorkflowId) => Promise<ExecutionLimits>;
  readonly startPolicyOf: (workflowId: WorkflowId) => Promise<StartPolicy>;
  readonly egressOf: (workflowId: string) => Promise<EgressRules | undefined>;
}

/** @param settingsOf called for each execution, so that a change applies to the next one */
export function createWorkflowPolicy(
  settingsOf: (workflowId: WorkflowId) => Promise<WorkflowSettings>,
  { maxLimits, hostRates }: { readonly maxLimits: ExecutionLimits; readonly hostRates: HostRates },
): WorkflowPolicy {
  return {
    limitsOf: async (workflowId) => limitsWithin(maxLimits, (await settingsOf(workflowId)).limits),
    async startPolicyOf(workflowId) {
      const { limits, traceparent = false, flow, egress } = await settingsOf(workflowId);
      const rates = { ...egress?.rate, ...hostRates };
      return {
        limits: limitsWithin(maxLimits, limits),
        sendsTraceparent: traceparent,
        flow,
        hostRates: Object.keys(rates).length === 0 ? undefined : rates,
      };
    },
    egressOf: async (workflowId) => egressRules(await settingsOf(workflowId as WorkflowId)),
  };
}

/** The operator's maxima for settings. */
export interface SettingsMaxima {
  readonly maxLimits: ExecutionLimits;
  /** The operator's retention of executions. */
  readonly retentionHours: number;
}

/** @throws {DuraniumError} `invalid-request`, which names every setting above its maximum */
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
  const detail = `Setting retentionHours cannot be ${retentionHours}: this installation retains executions for ${maxHours} hours`;
  return [{ pointer: "#/retentionHours", detail }];
}
