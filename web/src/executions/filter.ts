import type { ExecutionStatus } from "#client";
import { parseTimestamp } from "#base/time.ts";
import { executionStatuses } from "#domain/execution.ts";
import { whyNotEntryPoint } from "../model/run-input.ts";
import { whyNotWorkflowId } from "../model/workflow-id.ts";

/** The filter of a list of executions, as in the URL of the view. */
export interface ExecutionFilter {
  readonly workflow?: string;
  /** Part of the name. */
  readonly workflowContains?: string;
  readonly status?: ExecutionStatus;
  readonly version?: number;
  readonly entryPoint?: string;
  /** ISO 8601; `from` is inclusive, `until` exclusive. */
  readonly after?: string;
  readonly before?: string;
}

/** Omits invalid values. */
export function readFilter(search: string): ExecutionFilter {
  const given = new URLSearchParams(search);
  const status = executionStatuses.find((each) => each === given.get("status"));
  const version = Number(given.get("version") ?? 0);
  const time = (name: string) => {
    const at = parseTimestamp(given.get(name) ?? "");
    return at === undefined ? undefined : new Date(at).toISOString();
  };
  const all = {
    workflow: meant(given.get("workflow"), whyNotWorkflowId),
    workflowContains: meant(given.get("workflow-contains"), whyNotWorkflowPart),
    status,
    version: Number.isInteger(version) && version > 0 ? version : undefined,
    entryPoint: meant(given.get("entry-point"), whyNotEntryPoint),
    after: time("after"),
    before: time("before"),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== ""));
}

/** Why a text cannot be part of a workflow's name, as a sentence. */
export function whyNotWorkflowPart(text: string): string | undefined {
  return /^[a-z0-9-]{1,63}$/.test(text) ? undefined : "Use a-z, 0-9 and -.";
}

function meant(text: string | null, whyNot: (text: string) => string | undefined): string | undefined {
  return text === null || whyNot(text) !== undefined ? undefined : text;
}

/** The query of the view's URL; empty without a filter. */
export function writeFilter(filter: ExecutionFilter): string {
  const { workflow, workflowContains, status, version, entryPoint, after, before } = filter;
  const parameters = {
    workflow,
    "workflow-contains": workflowContains,
    status,
    version,
    "entry-point": entryPoint,
    after,
    before,
  };
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  return new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
}

/** The query parameters of the API. */
export function filterQuery(filter: ExecutionFilter) {
  const { workflow, workflowContains, status, version, entryPoint, after, before } = filter;
  return {
    ...(workflow === undefined ? {} : { workflow }),
    ...(workflowContains === undefined ? {} : { "workflow-contains": workflowContains }),
    ...(status === undefined ? {} : { status }),
    ...(version === undefined ? {} : { version }),
    ...(entryPoint === undefined ? {} : { "entry-point": entryPoint }),
    ...(after === undefined ? {} : { "created-after": after }),
    ...(before === undefined ? {} : { "created-before": before }),
  };
}
