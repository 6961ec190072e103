import type { ExecutionStatus } from "#client";
import { parseTimestamp } from "#base/time.ts";
import { executionStatuses } from "#domain/execution.ts";
import { whyNotEntryPoint } from "../model/run-input.ts";
import { whyNotWorkflowId } from "../model/workflow-id.ts";

/** Which executions a list shows, as the address of the view has it. */
export interface ExecutionFilter {
  readonly workflow?: string;
  /** A part of the name. */
  readonly workflowContains?: string;
  readonly status?: ExecutionStatus;
  readonly version?: number;
  readonly entryPoint?: string;
  /** ISO 8601; the first inclusive, the second exclusive. */
  readonly after?: string;
  readonly before?: string;
}

/** What cannot be meant is left out. */
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

/** Why a text is no part of a workflow's name, as a sentence. */
export function whyNotWorkflowPart(text: string): string | undefined {
  return /^[a-z0-9-]{1,63}$/.test(text) ? undefined : "Use a-z, 0-9 and -.";
}

function meant(text: string | null, whyNot: (text: string) => string | undefined): string | undefined {
  return text === null || whyNot(text) !== undefined ? undefined : text;
}

/** The address of the view that shows these, after `?`; empty where it shows all. */
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

/** As the API wants it. */
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
