import type { ExecutionStatus } from "#client";
import { parseTimestamp } from "#base/time.ts";
import { executionStatuses } from "#domain/execution.ts";
import { isExecutionTag, maxExecutionTags } from "#domain/limits.ts";
import { whyNotEntryPoint } from "../../model/run-input.ts";
import { whyNotWorkflowId } from "../../model/workflow-id.ts";

/** Periods before now, with their labels and lengths in milliseconds. */
export const periods = {
  "1h": { label: "Last hour", ms: 3_600_000 },
  "24h": { label: "Last 24 hours", ms: 86_400_000 },
  "7d": { label: "Last 7 days", ms: 7 * 86_400_000 },
} as const;

export type Period = keyof typeof periods;

/** The filter of a list of executions, as in the URL of the view. */
export interface ExecutionFilter {
  readonly workflow?: string;
  /** Part of the name. */
  readonly workflowContains?: string;
  readonly status?: ExecutionStatus;
  readonly version?: number;
  readonly entryPoint?: string;
  /** The start of an ID, or part of an error. */
  readonly search?: string;
  /** Tags with commas between them; an execution has all of them. */
  readonly tag?: string;
  /** A JSON pointer and a value: `/customer/id:42`. */
  readonly payload?: string;
  /** Created in a period before now, which moves with the time, unlike `after`. */
  readonly within?: Period;
  /** ISO 8601; `after` is inclusive, `before` exclusive. */
  readonly after?: string;
  readonly before?: string;
}

/** A change of a filter; `undefined` removes a member. */
export type FilterChange = { [Name in keyof ExecutionFilter]?: ExecutionFilter[Name] | undefined };

/** Omits invalid values. */
export function readFilter(search: string): ExecutionFilter {
  const given = new URLSearchParams(search);
  const status = executionStatuses.find((each) => each === given.get("status"));
  const version = Number(given.get("version") ?? 0);
  const within = given.get("within") ?? "";
  const time = (name: string) => {
    const at = parseTimestamp(given.get(name) ?? "");
    return at === undefined ? undefined : new Date(at).toISOString();
  };
  return cleaned({
    workflow: meant(given.get("workflow"), whyNotWorkflowId),
    workflowContains: meant(given.get("workflow-contains"), whyNotWorkflowPart),
    status,
    version: Number.isInteger(version) && version > 0 ? version : undefined,
    entryPoint: meant(given.get("entry-point"), whyNotEntryPoint),
    search: meant(given.get("search"), whyNotSearch),
    tag: meant(given.get("tag"), whyNotTags),
    payload: meant(given.get("payload"), whyNotPayload),
    within: Object.hasOwn(periods, within) ? (within as Period) : undefined,
    after: time("after"),
    before: time("before"),
  });
}

/** Why a text cannot be searched for, as a sentence. */
function whyNotSearch(text: string): string | undefined {
  return /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(text) ? undefined : "Use up to 200 characters.";
}

/** Why a text cannot be tags with commas between them, as a sentence. */
export function whyNotTags(text: string): string | undefined {
  const tags = text.split(",").map((tag) => tag.trim());
  return tags.length <= maxExecutionTags && tags.every(isExecutionTag)
    ? undefined
    : "Use letters, digits and . _ : / = @ - in a tag, and commas between tags.";
}

/** Why a text cannot select a value of the payload, as a sentence. */
export function whyNotPayload(text: string): string | undefined {
  return text.length <= 500 && /^(?:\/[^/:]+)+:[^\p{Cc}\p{Cs}]+$/u.test(text)
    ? undefined
    : "Enter a path and a value: /customer/id:42";
}

/** A filter with some members changed. */
export function changed(filter: ExecutionFilter, change: FilterChange): ExecutionFilter {
  return cleaned({ ...filter, ...change });
}

function cleaned(members: FilterChange): ExecutionFilter {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== ""),
  );
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
  const { workflow, workflowContains, status, version, entryPoint, within, after, before } = filter;
  const { search, tag, payload } = filter;
  const parameters = {
    workflow,
    "workflow-contains": workflowContains,
    status,
    version,
    "entry-point": entryPoint,
    search,
    tag,
    payload,
    within,
    after,
    before,
  };
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  return new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
}

/** The query parameters of the API. */
export function filterQuery(filter: ExecutionFilter) {
  const { workflow, workflowContains, status, version, entryPoint, within, before } = filter;
  const { search, tag, payload } = filter;
  const after = within === undefined ? filter.after : new Date(Date.now() - periods[within].ms).toISOString();
  return {
    ...(workflow === undefined ? {} : { workflow }),
    ...(workflowContains === undefined ? {} : { "workflow-contains": workflowContains }),
    ...(status === undefined ? {} : { status }),
    ...(version === undefined ? {} : { version }),
    ...(entryPoint === undefined ? {} : { "entry-point": entryPoint }),
    ...(search === undefined ? {} : { search }),
    ...(tag === undefined ? {} : { tag }),
    ...(payload === undefined ? {} : { payload }),
    ...(after === undefined ? {} : { "created-after": after }),
    ...(before === undefined ? {} : { "created-before": before }),
  };
}
